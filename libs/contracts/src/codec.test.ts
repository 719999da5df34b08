import { readFileSync } from 'node:fs';
import { type DescMessage, fromJsonString } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { decode, encode } from './codec.js';
import type { EventType } from './events.js';
import { EVERY_EVENT, exampleOf } from './every-event.fixture.js';
import * as alerting from './gen/tocsin/v1/alerting_pb.js';
import * as config from './gen/tocsin/v1/config_pb.js';
import * as monitoring from './gen/tocsin/v1/monitoring_pb.js';
import * as notifying from './gen/tocsin/v1/notifying_pb.js';

const types = Object.keys(EVERY_EVENT) as EventType[];
const generated: Record<string, unknown> = { ...alerting, ...config, ...monitoring, ...notifying };
const headersOf = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name] ?? '';

describe.each(types)('%s', (type) => {
  const event = exampleOf(type);
  const wire = encode(event);

  it('comes back from the wire as it was sent', () => {
    expect(decode(wire.subject, 7, headersOf(wire.headers), wire.body)).toEqual({ ...event, sequence: 7 });
  });

  it('is proto3 JSON of its message, field by field', () => {
    const message = fromJsonString(generated[`${type}Schema`] as DescMessage, wire.body);
    expect(message.$typeName).toBe(`tocsin.v1.${type}`);
  });

  it('is let in when a newer writer added a field', () => {
    const body = JSON.stringify({ ...event.data, addedLater: { by: 'somebody' } });
    expect(decode(wire.subject, 7, headersOf(wire.headers), body)).toEqual({ ...event, sequence: 7 });
  });

  it('is refused, with the field in the message, when one is missing or of another type', () => {
    for (const field of Object.keys(event.data)) {
      const body = JSON.stringify({ ...event.data, [field]: { not: ['what', 'it', 'was'] } });
      const open = ['config', 'definition', 'observed'].includes(field);
      if (open) continue;
      expect(() => decode(wire.subject, 7, headersOf(wire.headers), body)).toThrow(field);
    }
  });
});

describe('the wire', () => {
  const { subject, headers, body } = encode(exampleOf('CheckCompleted'));

  it('carries CloudEvents 1.0 attributes as headers, and the id as the one of the log', () => {
    expect(headers).toEqual({
      'Nats-Msg-Id': exampleOf('CheckCompleted').id,
      'ce-specversion': '1.0',
      'ce-id': exampleOf('CheckCompleted').id,
      'ce-type': 'tocsin.v1.CheckCompleted',
      'ce-source': 'tocsin/test',
      'ce-time': '2026-01-02T03:04:05.678Z',
      'ce-subject': exampleOf('CheckCompleted').entityId,
      'ce-datacontenttype': 'application/json',
      traceparent: exampleOf('CheckCompleted').traceparent,
    });
  });

  it.each([
    ['unknown_event_type', { 'ce-type': 'tocsin.v2.CheckCompleted' }, body],
    ['unknown_event_type', { 'ce-type': 'tocsin.v1.constructor' }, body],
    ['unknown_event_type', { 'ce-type': '' }, body],
    ['malformed_json', {}, '{'],
    ['malformed_json', {}, ''],
    ['invalid_event', {}, '[]'],
    ['invalid_event', { 'ce-id': '' }, body],
  ])('is refused for good as %s with %j', (reason, changed, text) => {
    const wrong = { ...headers, ...changed };
    expect(() => decode(subject, 1, headersOf(wrong as Record<string, string>), text)).toThrow(
      expect.objectContaining({ name: 'PermanentError', reason }),
    );
  });

  it.each(['monitoring', 'alerting', 'notifying', 'config'])(
    'has a sentence for every message and field of %s.proto',
    (file) => {
      const proto = readFileSync(new URL(`../../../proto/tocsin/v1/${file}.proto`, import.meta.url), 'utf8');
      const lines = proto.split('\n');
      const bare = lines.filter(
        (line, index) => /^message |^ {2}\S.* = \d+;/.test(line) && !/^\s*\/\/ /.test(lines[index - 1] ?? ''),
      );
      expect(bare).toEqual([]);
    },
  );
});
