import { DomainError } from '@tocsin/kernel';

/** A topic of the live stream and the stream of the log it comes from. */
export const LIVE_STREAMS = { status: 'STATUS', alert: 'ALERTS', delivery: 'DELIVERIES' } as const;
export type LiveTopic = keyof typeof LIVE_STREAMS;

/** The last sequence of each stream that a client has seen. */
export type LivePosition = Partial<Record<LiveTopic, number>>;

const LETTERS = { status: 's', alert: 'a', delivery: 'd' } as const;
export const TOPICS = Object.keys(LETTERS) as LiveTopic[];

/** The `id:` of an event: `s12.a5.d7`, each topic at most once. */
export const encodePosition = (position: LivePosition): string =>
  TOPICS.flatMap((topic) =>
    position[topic] === undefined ? [] : [`${LETTERS[topic]}${position[topic]}`],
  ).join('.');

/**
 * @param field what the caller calls it
 * @throws DomainError `validation_failed` naming that
 */
export function decodePosition(text: string, field = 'Last-Event-ID'): LivePosition {
  const position: LivePosition = {};
  for (const part of text.split('.')) {
    const topic = TOPICS.find((one) => LETTERS[one] === part[0]);
    if (topic === undefined || position[topic] !== undefined || !/^.\d{1,15}$/.test(part))
      throw refused(field);
    position[topic] = Number(part.slice(1));
  }
  return position;
}

function refused(field: string): DomainError {
  const message = 'must be the id of an event of this stream as it was given, such as s12.a5.d7';
  return new DomainError('validation_failed', `${field} ${message}`, [{ field, message }]);
}
