import { type NewEvent, subjects } from '@tocsin/contracts';
import { type Append, appendEvents, type Fold, type FoldContext, type InputEvent } from '@tocsin/event-log';
import { type Instant, PermanentError } from '@tocsin/kernel';
import type { Transaction } from 'kysely';
import { type Day, firstKeptDay, isAbsurd } from './day.js';
import { factsOf } from './facts.js';
import { insertHistory, insertMissed, insertResults, markDirty } from './facts.store.js';
import { foldBatch, type ToldChange, targetsOf } from './fold-batch.js';
import { ensurePartitions } from './partitions.store.js';
import { OUTBOX, SOURCE } from './result-projector.js';
import { saveRuns } from './runs.store.js';
import { createTargetCache } from './target-cache.js';
import { loadLeft, loadPlaced, loadTargets, savePlaced, saveTargets } from './targets.store.js';

export interface ResultsFoldOptions {
  readonly now: () => Instant;
  readonly retentionDays: number;
  /** milliseconds that never go back */
  readonly monotonicNow?: () => number;
  /** told once the batch is committed */
  readonly onFolded?: (events: readonly InputEvent[], changes: readonly ToldChange[]) => void;
}

/** The fold of this service: results, runs, statuses and their history. */
export function resultsFold({
  now,
  retentionDays,
  onFolded,
  monotonicNow = () => performance.now(),
}: ResultsFoldOptions): Fold {
  const cache = createTargetCache(monotonicNow);
  const knownDays = new Set<Day>();

  async function makeRoom(
    tx: Transaction<unknown>,
    context: FoldContext,
    days: readonly Day[],
  ): Promise<void> {
    const at = now();
    const absurd = days.find((day) => isAbsurd(day, at));
    if (absurd !== undefined)
      throw new PermanentError('slot_out_of_range', `a slot on ${absurd} is no result of now (${at})`);
    // Retention may have taken an older day since it was last seen.
    const firstKept = firstKeptDay(at, retentionDays);
    const unsure = days.filter((day) => day <= firstKept || !knownDays.has(day));
    if (unsure.length === 0) return;
    await ensurePartitions(tx, unsure);
    context.afterCommit(() => {
      for (const day of unsure) knownDays.add(day);
    });
  }

  return async (events, context) => {
    const { tx, mode, shards } = context;
    // 1. Load
    const { left, tableId } = mode === 'live' ? await loadLeft(tx, shards) : { left: [], tableId: 0 };
    const ids = [...new Set([...left, ...targetsOf(events)])];
    const targets = cache.recall(context, tableId, ids);
    for (const [id, target] of await loadTargets(
      tx,
      ids.filter((one) => !targets.has(one)),
    ))
      targets.set(id, target);
    const placed = await loadPlaced(
      tx,
      mode === 'rebuild' ? ids : ids.filter((id) => targets.get(id)?.configWaits === true),
    );
    // 2. Decide
    const facts = factsOf(events);
    const folded = foldBatch(events, { targets, placed }, mode, left);
    // 3. Write
    await makeRoom(tx, context, facts.days);
    await insertResults(tx, facts.results);
    await saveRuns(tx, facts.runs);
    await insertMissed(tx, facts.missed);
    await markDirty(tx, facts.dirtyHours);
    await saveTargets(tx, folded.targets, targets);
    await savePlaced(tx, folded.placed);
    await insertHistory(tx, folded.changes);
    // 4. Publish
    await appendEvents(tx, OUTBOX, folded.changes.filter(({ isNews }) => isNews).map(statusChanged));
    cache.remember(context, folded.targets);
    if (onFolded !== undefined) context.afterCommit(() => onFolded(events, folded.changes));
  };
}

function statusChanged({ id, change, traceparent }: ToldChange): Append {
  const event: NewEvent<'StatusChanged'> = {
    type: 'StatusChanged',
    id,
    source: SOURCE,
    time: change.changedAt,
    natsSubject: subjects.status(change.project, change.targetKind, change.targetId),
    entityId: change.targetId,
    data: change,
    ...(traceparent !== undefined && { traceparent }),
  };
  return { event };
}
