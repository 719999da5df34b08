import type { StreamName } from '@tocsin/contracts';
import { addMs } from '@tocsin/kernel';
import type { EventLog, StreamState } from './event-log.js';
import type { Checkpoint } from './projection.store.js';

export type RegressionReason = 'stream_recreated' | 'stream_went_back' | 'stream_rewritten';

/** More than the longest time an acknowledged event may sit unsynced (NATS' default `sync_interval` is 2 minutes). */
const UNSYNCED_MS = 5 * 60_000;

/**
 * Whether the log is no longer the one this checkpoint was made on; undefined when it is. The creation time alone proves
 * nothing: a server (2.14) that is restarted after the settings of a stream were updated tells a new one. The event at the
 * checkpoint does.
 */
export async function findRegression(
  log: EventLog,
  state: StreamState,
  checkpoint: Pick<Checkpoint, 'stream' | 'seq' | 'event_id' | 'stream_created_at'>,
): Promise<RegressionReason | undefined> {
  if (checkpoint.seq === 0 || checkpoint.stream_created_at === null) return undefined;
  const isAsOld = checkpoint.stream_created_at === state.createdAt;
  if (checkpoint.seq > state.lastSequence) return isAsOld ? 'stream_went_back' : 'stream_recreated';
  if (checkpoint.seq < state.firstSequence || checkpoint.event_id === '')
    return isAsOld ? undefined : 'stream_recreated';
  const message = await log.messageAt(checkpoint.stream, checkpoint.seq);
  if (message === undefined) return isAsOld ? undefined : 'stream_recreated';
  if (message.header('ce-id') === checkpoint.event_id) return undefined;
  return isAsOld ? 'stream_rewritten' : 'stream_recreated';
}

/**
 * From where to fold again: from the start of a new stream, else from before anything could have been lost. Folds skip
 * what they have seen.
 * @returns the sequence up to which all is as it was
 */
export async function safePosition(
  log: EventLog,
  stream: StreamName,
  state: StreamState,
  reason: RegressionReason,
  eventTime: string | null,
): Promise<number> {
  if (reason === 'stream_recreated' || eventTime === null) return 0;
  const before = addMs(eventTime, -UNSYNCED_MS);
  let low = state.firstSequence;
  let high = state.lastSequence + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await log.messageAt(stream, middle);
    if (message === undefined || message.storedAt < before) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
