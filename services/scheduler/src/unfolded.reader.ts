import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';

/** How often the log is asked whether that was all, and how long it may take, milliseconds. */
const ASK_MS = 10;
const BOUND_MS = 5_000;

export interface UnfoldedOptions {
  readonly log: Pick<EventLog, 'read'>;
  /** filter of the results in question, whose subjects have the shard second and the entity's id last */
  readonly subject: string;
  readonly shards: readonly Shard[];
  /** folded up to here */
  readonly after: number;
  /** what came later is of no interest */
  readonly upTo?: number;
  readonly signal: AbortSignal;
}

/**
 * Monitors or jobs of which the log holds results that are not folded yet: what is folded of them is not to be trusted.
 * @throws when the log does not answer within 5 s
 */
export async function unfoldedEntities(options: UnfoldedOptions): Promise<Set<string>> {
  const { log, subject, shards, after, upTo = Number.POSITIVE_INFINITY, signal } = options;
  const found = new Set<string>();
  const done = new AbortController();
  const reader = log.read({
    stream: 'RESULTS',
    subjects: [subject],
    from: { sequence: after + 1 },
    signal: AbortSignal.any([signal, done.signal]),
  });
  let isPast = false;
  const reading = (async () => {
    for await (const message of reader) {
      isPast = message.sequence > upTo;
      if (isPast) return;
      const [, shard, ...rest] = message.subject.split('.');
      const id = rest.at(-1);
      if (id !== undefined && shards.some((one) => one === shard)) found.add(id);
    }
  })();
  const isRead = async () => isPast || (await reader.isDrained());
  const bound = performance.now() + BOUND_MS;
  try {
    while (!(await isRead())) {
      signal.throwIfAborted();
      if (performance.now() > bound) throw new Error('the log does not say which results it holds');
      await delay(ASK_MS);
    }
    return found;
  } finally {
    done.abort();
    await reading;
  }
}
