import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EventMap as LoggedEventMap } from '@tocsin/contracts';
import { eventSchemas } from '@tocsin/contracts';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { parse } from 'yaml';
import { EVERY_EVENT } from '../../contracts/src/every-event.fixture.js';
import { generated } from '../generate/generated.mjs';
import { EVENT_SHAPES } from './event-shapes.gen.js';
import type { EventMap } from './events.gen.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const files = generated(root);

interface Document {
  readonly channels: Record<string, { readonly address: string; readonly messages: Record<string, unknown> }>;
  readonly operations: Record<string, unknown>;
  readonly components: { readonly schemas: Record<string, object> };
}
const document = parse(read('proto/asyncapi.yaml')) as Document;

test.each(Object.keys(files))('%s is what proto and contracts say: npm run gen:asyncapi', (file) => {
  expect(read(file)).toBe(files[file]);
});

/** Formats that the schema of AsyncAPI names, read leniently: ours are checked by `ajv-formats`. */
function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  return ajv;
}

test('the document is valid AsyncAPI 3.0', () => {
  const schema = JSON.parse(read('node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json')) as object;
  const validate = validator().compile(schema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
});

test('every event has one channel, and subscribers those of alerts and statuses', () => {
  const events = Object.values(document.channels).flatMap(({ messages }) => Object.keys(messages));
  expect(events.toSorted()).toEqual(Object.keys(eventSchemas).toSorted());
  expect(Object.keys(document.operations)).toEqual(['receiveAlert', 'receiveStatus']);
  expect(document.channels.alert?.address).toBe('alert.{project}.{kind}.{id}.{verb}');
  expect(document.channels.status?.address).toBe('status.{project}.{kind}.{id}');
});

describe('a whole example of every event', () => {
  const examples = Object.entries(EVERY_EVENT);
  const ajv = validator().addSchema({ $id: 'asyncapi', components: document.components });

  test.each(examples)('%s is what the document promises', (type, data) => {
    const validate = ajv.compile({ $ref: `asyncapi#/components/schemas/${type}` });
    validate(data);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({})).toBe(false);
  });

  test.each(Object.keys(EVENT_SHAPES) as (keyof EventMap)[])(
    '%s goes through to a handler as it is',
    (type) => {
      expect(EVENT_SHAPES[type].parse(EVERY_EVENT[type])).toEqual(EVERY_EVENT[type]);
    },
  );
});

test('what Tocsin says is assignable to what a handler is promised', () => {
  expectTypeOf<Pick<LoggedEventMap, keyof EventMap>>().toExtend<EventMap>();
});
