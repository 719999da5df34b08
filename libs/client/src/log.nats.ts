import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { access } from './access.js';
import { readBatch } from './batch.nats.js';
import { type Cursor, formatCursor } from './cursor.js';
import { SubscriptionError } from './errors.js';
import type { From } from './options.js';

const info = z.object({
  state: z.object({ first_seq: z.number(), last_seq: z.number() }).optional(),
  error: z.object({ description: z.string() }).optional(),
});

async function describe(nc: NatsConnection, project: string) {
  const message = await nc.request(access.info(project), '', { timeout: 5_000 });
  const { state, error } = info.parse(message.json());
  if (state === undefined)
    throw new Error(`the events of ${project} are not there: ${error?.description ?? ''}`);
  return { first: state.first_seq, last: state.last_seq };
}

async function eventAt(nc: NatsConnection, project: string, sequence: number): Promise<Cursor> {
  const [message] = sequence > 0 ? await readBatch(nc, project, { seq: sequence }, 1) : [];
  return { sequence, eventId: message?.sequence === sequence ? message.header('ce-id') : '' };
}

/** Where somebody begins who has no position yet. */
export async function beginningOf(
  nc: NatsConnection,
  project: string,
  from: Exclude<From, { cursor: string }>,
) {
  // Asked first: what comes before the next answer is after it, and who may not ask is told at once.
  const { last } = await describe(nc, project);
  if (from === 'start') return { sequence: 0, eventId: '' };
  if (from !== 'now') {
    const [first] = await readBatch(nc, project, { start_time: String(from.time) }, 1);
    if (first !== undefined) return eventAt(nc, project, first.sequence - 1);
  }
  return eventAt(nc, project, last);
}

/**
 * That this is still the log that the cursor is of.
 * @throws SubscriptionError `log_went_backwards`
 */
export async function verifyCursor(nc: NatsConnection, project: string, cursor: Cursor): Promise<void> {
  const { sequence, eventId } = cursor;
  if (sequence === 0) return;
  const { first, last } = await describe(nc, project);
  const now = sequence >= first && sequence <= last ? await eventAt(nc, project, sequence) : undefined;
  const isOther = now !== undefined && eventId !== '' && now.eventId !== '' && now.eventId !== eventId;
  if (sequence <= last && !isOther) return;
  throw new SubscriptionError(
    'log_went_backwards',
    `the position is after event ${sequence} and the log ${isOther ? 'has another event there' : `ends at ${last}`}: it was ` +
      'made anew, or has lost its end. Subscribe again from "start" (repeats have the same ids), an instant or "now"',
    formatCursor(cursor),
  );
}
