import { PermanentError } from '@tocsin/kernel';
import type { EventType, LoggedEvent, NewEvent } from './events.js';
import { eventSchemas } from './schemas.js';

const TYPE_PREFIX = 'tocsin.v1.';

/** What travels: CloudEvents 1.0 attributes as NATS headers (binary mode) and proto3 JSON as the body. */
export interface WireMessage {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function encode(event: NewEvent): WireMessage {
  const headers: Record<string, string> = {
    'Nats-Msg-Id': event.id,
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-type': TYPE_PREFIX + event.type,
    'ce-source': event.source,
    'ce-time': event.time,
    'ce-subject': event.entityId,
    'ce-datacontenttype': 'application/json',
  };
  if (event.traceparent !== undefined) headers.traceparent = event.traceparent;
  return { subject: event.natsSubject, headers, body: JSON.stringify(event.data) };
}

/**
 * @param header reads one header, `''` when absent
 * @throws PermanentError `unknown_event_type`, `malformed_json` or `invalid_event`: the message will never decode
 */
export function decode(
  subject: string,
  sequence: number,
  header: (name: string) => string,
  body: string,
): LoggedEvent {
  const type = header('ce-type');
  const name = type.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : '';
  if (!isEventType(name))
    throw new PermanentError('unknown_event_type', `no event of type "${type}" is known`);
  const id = header('ce-id');
  if (id === '') throw new PermanentError('invalid_event', 'the message has no ce-id header');
  const data = eventSchemas[name].safeParse(parseJson(body));
  if (!data.success) {
    const [first] = data.error.issues;
    const where = first?.path.join('.') ?? '';
    throw new PermanentError('invalid_event', `${name}: ${where || 'body'}: ${first?.message ?? 'invalid'}`);
  }
  const traceparent = header('traceparent');
  return {
    type: name,
    id,
    source: header('ce-source'),
    time: header('ce-time'),
    natsSubject: subject,
    entityId: header('ce-subject'),
    data: data.data,
    sequence,
    ...(traceparent === '' ? {} : { traceparent }),
  } as LoggedEvent;
}

function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventSchemas, name);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new PermanentError('malformed_json', 'the body is not JSON');
  }
}
