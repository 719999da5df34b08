import { alertEventId } from '@tocsin/contracts';
import type { InputEvent } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';
import type { Batch } from './batch.js';
import type { LoggedDecision } from './rebuild.store.js';

/**
 * Results of the past with the decisions that were made on them. The log stands: what people were told is what the
 * tables say, even where the rules have changed since or the results are no longer kept.
 */
export function createReplay(batch: Batch, logged: readonly LoggedDecision[]) {
  const waiting = new Map<Shard, LoggedDecision[]>();
  for (const decision of logged) {
    const queue = waiting.get(decision.shard);
    if (queue === undefined) waiting.set(decision.shard, [decision]);
    else queue.push(decision);
  }
  let differences = 0;

  function takeUpTo(shard: Shard, sequence: number): LoggedDecision[] {
    const queue = waiting.get(shard) ?? [];
    const end = queue.findIndex(({ countsAfter }) => countsAfter > sequence);
    const taken = queue.splice(0, end === -1 ? queue.length : end);
    for (const decision of taken) batch.take(decision);
    return taken;
  }

  return {
    differences: () => differences,

    /** In the order of the stream. */
    recount(event: InputEvent): void {
      takeUpTo(event.shard, event.sequence - 1);
      const expected = batch.recount(event);
      const found = ofResult(takeUpTo(event.shard, event.sequence), event);
      if (expected.join() !== found.join()) differences += 1;
    },

    takeRest(): void {
      for (const shard of waiting.keys()) takeUpTo(shard, Number.POSITIVE_INFINITY);
    },
  };
}

/** Of the decisions that count from a result on, those that it led to itself: not those of a person who came next. */
function ofResult(taken: readonly LoggedDecision[], { entityId, sequence }: InputEvent): string[] {
  const own = taken.filter(
    ({ event }) => event.data.target.id === entityId && event.data.position === sequence,
  );
  const end = own.findIndex(
    ({ event }) => event.type === 'PolicyChanged' || event.type === 'AlertAcknowledged',
  );
  return own.slice(0, end === -1 ? own.length : end).map(({ event }) => alertEventId(event));
}
