import { formatCursor } from './cursor.js';
import type { EventType, TocsinEvent } from './event.js';
import { EVENT_SHAPES } from './event-shapes.gen.js';

const TYPE_PREFIX = 'tocsin.v1.';

/** A message of the project's stream. */
export interface Stored {
  readonly sequence: number;
  readonly subject: string;
  readonly header: (name: string) => string;
  readonly body: () => string;
}

export type Decoded =
  | { readonly kind: 'event'; readonly event: TocsinEvent }
  /** of a Tocsin that is newer than this client */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'malformed'; readonly reason: string };

const malformed = (reason: string): Decoded => ({ kind: 'malformed', reason });
const isKnown = (name: string): name is EventType => Object.hasOwn(EVENT_SHAPES, name);

export const cursorOf = (message: Stored): string =>
  formatCursor({ sequence: message.sequence, eventId: message.header('ce-id') });

export function decode(message: Stored): Decoded {
  const type = message.header('ce-type');
  if (!type.startsWith(TYPE_PREFIX)) return malformed(`ce-type "${type}" is no event of Tocsin`);
  const name = type.slice(TYPE_PREFIX.length);
  if (!isKnown(name)) return { kind: 'unknown' };
  const id = message.header('ce-id');
  if (id === '') return malformed('the message has no ce-id header');
  let body: unknown;
  try {
    body = JSON.parse(message.body());
  } catch {
    return malformed('the body is not JSON');
  }
  const data = EVENT_SHAPES[name].safeParse(body);
  if (!data.success) {
    const [issue] = data.error.issues;
    return malformed(`${name}: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
  }
  const traceparent = message.header('traceparent');
  const event = {
    type: name,
    id,
    source: message.header('ce-source'),
    time: message.header('ce-time'),
    subject: message.header('ce-subject'),
    natsSubject: message.subject,
    data: data.data,
    sequence: message.sequence,
    cursor: cursorOf(message),
    ...(traceparent === '' ? {} : { traceparent }),
  } as TocsinEvent;
  return { kind: 'event', event };
}
