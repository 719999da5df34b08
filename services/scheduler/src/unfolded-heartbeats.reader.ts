import { setTimeout as delay } from 'node:timers/promises';
import { filters } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';

/** How often the log is asked whether that was all, and how long it may take, milliseconds. */
const ASK_MS = 10;
const BOUND_MS = 5_000;

/**
 * Monitors of which the log holds a heartbeat, or a miss, that is not folded yet: their deadlines are not to be trusted.
 * @throws when the log does not answer within 5 s
 */
export async function unfoldedHeartbeats(
  log: Pick<EventLog, 'read'>,
  shards: readonly Shard[],
  foldedSequence: number,
  signal: AbortSignal,
): Promise<Set<string>> {
  const found = new Set<string>();
  const done = new AbortController();
  const reader = log.read({
    stream: 'RESULTS',
    subjects: shards.map(filters.heartbeatsOf),
    from: { sequence: foldedSequence + 1 },
    signal: AbortSignal.any([signal, done.signal]),
  });
  const reading = (async () => {
    for await (const { subject } of reader) found.add(subject.slice(subject.lastIndexOf('.') + 1));
  })();
  const bound = performance.now() + BOUND_MS;
  try {
    while (!(await reader.isDrained())) {
      signal.throwIfAborted();
      if (performance.now() > bound) throw new Error('the log does not say which heartbeats it holds');
      await delay(ASK_MS);
    }
    return found;
  } finally {
    done.abort();
    await reading;
  }
}
