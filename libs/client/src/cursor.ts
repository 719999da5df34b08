import { SubscriptionError } from './errors.js';

/** Where a reader is: after the event with this number, which had this id. */
export interface Cursor {
  /** 0: before the first */
  readonly sequence: number;
  /** tells another log from a longer one; empty where there is no event to tell by */
  readonly eventId: string;
}

export const formatCursor = ({ sequence, eventId }: Cursor): string =>
  eventId === '' ? String(sequence) : `${sequence}:${eventId}`;

/** @throws SubscriptionError `invalid_cursor` */
export function parseCursor(text: string): Cursor {
  const [, sequence, eventId = ''] = /^(\d{1,15})(?::([\w-]{1,64}))?$/.exec(text) ?? [];
  if (sequence === undefined)
    throw new SubscriptionError('invalid_cursor', `"${text}" is no cursor: give one that came with an event`);
  return { sequence: Number(sequence), eventId };
}
