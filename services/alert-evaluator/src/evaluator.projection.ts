import type { AlertEvent } from '@tocsin/alerting';
import { appendEvents, type Fold, type FoldContext, type InputEvent } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';
import type { Transaction } from 'kysely';
import { writeAlerts } from './alert.store.js';
import { toNewEvent } from './alert-log.js';
import { alertRows } from './alert-row.js';
import { type Batch, createBatch, targetIdOf } from './batch.js';
import { ALERT_EVENTS } from './evaluator.js';
import type { Report } from './evaluator.metrics.js';
import { isLogRebuilt, type RebuildProgress, type Treatment, treatmentOf } from './rebuild.js';
import {
  type LoggedDecision,
  loadRebuildProgress,
  putOff,
  takeDecisions,
  takePutOff,
} from './rebuild.store.js';
import { createReplay } from './replay.js';
import { loadStates, writeStates } from './target-state.store.js';

type Context = FoldContext<unknown>;

/** CONFIG and RESULTS into counters, alerts and the alert log. One per process. */
export function createFold(report: Report): Fold<unknown> {
  const settled = new Set<Shard>();
  let heights = new Map<Shard, number>();

  /** Shards that a rebuild may concern. Positions that went backwards mean that one was started. */
  async function rebuilding({ tx, shards, position }: Context): Promise<Map<Shard, RebuildProgress>> {
    const now = new Map(
      shards.map((shard) => [shard, position('CONFIG', shard) + position('RESULTS', shard)]),
    );
    for (const [shard, height] of now) if (height < (heights.get(shard) ?? 0)) settled.delete(shard);
    heights = now;
    const unsure = shards.filter((shard) => !settled.has(shard));
    if (unsure.length === 0) return new Map();
    const under = new Map<Shard, RebuildProgress>();
    for (const progress of await loadRebuildProgress(tx, unsure)) {
      if (isLogRebuilt(progress) && !progress.listed) settled.add(progress.shard);
      else under.set(progress.shard, progress);
    }
    return under;
  }

  return async (events, context) => {
    const under = await rebuilding(context);
    const treated = events.map((event) => ({ event, treatment: treatmentOf(event, under.get(event.shard)) }));
    await putOff(context.tx, eventsOf(treated, 'put_off'));
    const decide = [...eventsOf(treated, 'decide')];
    const recount = eventsOf(treated, 'recount');
    const over = [...under.keys()].filter((shard) => decide.some((event) => event.shard === shard));
    await foldBatch(context, report, { recount, decide, until: untilOf(recount, over), over });
  };
}

const eventsOf = (treated: readonly { event: InputEvent; treatment: Treatment }[], wanted: Treatment) =>
  treated.filter(({ treatment }) => treatment === wanted).map(({ event }) => event);

/** Up to where decisions of the past are due: with the results of the batch, or all of them once those are through. */
function untilOf(recount: readonly InputEvent[], over: readonly Shard[]): Map<Shard, number> {
  const until = new Map<Shard, number>();
  for (const { shard, sequence } of recount) until.set(shard, sequence);
  for (const shard of over) until.set(shard, Number.POSITIVE_INFINITY);
  return until;
}

interface Work {
  readonly recount: readonly InputEvent[];
  readonly decide: readonly InputEvent[];
  readonly until: ReadonlyMap<Shard, number>;
  /** shards whose rebuild ends with this batch */
  readonly over: readonly Shard[];
}

/** The part that a rebuild shares with everyday work. */
export async function foldBatch(
  context: Pick<Context, 'tx' | 'position' | 'afterCommit'>,
  report: Report,
  { recount, decide, until, over }: Work,
): Promise<void> {
  const { tx, position } = context;
  // 1. load: decisions first, for whoever else folds the shard to wait there
  const logged = await takeDecisions(tx, until);
  const late = [...(await takePutOff(tx, over)), ...decide];
  const batch = createBatch(await loadStates(tx, targetsOf(logged, [...recount, ...late])));
  // 2. decide
  const replay = createReplay(batch, logged);
  for (const event of recount) replay.recount(event);
  replay.takeRest();
  decideAll(batch, late, position);
  // 3. write
  const events = [...logged.map(({ event }) => event), ...batch.made.map(({ event }) => event)];
  await writeStates(tx, batch.changed());
  await writeAlerts(tx, alertRows(events));
  await append(tx, batch);
  context.afterCommit(() => report({ ...batch, differences: replay.differences() }));
}

function targetsOf(logged: readonly LoggedDecision[], events: readonly InputEvent[]): string[] {
  const ids = new Set(logged.map(({ event }: { event: AlertEvent }) => event.data.target.id));
  for (const event of events) {
    const id = targetIdOf(event);
    if (id !== undefined) ids.add(id);
  }
  return [...ids];
}

/** R10: a decision is stamped with the last result of its shard that came before it. */
function decideAll(batch: Batch, events: readonly InputEvent[], before: Context['position']): void {
  const positions = new Map<Shard, number>();
  for (const event of events) {
    const last = positions.get(event.shard) ?? before('RESULTS', event.shard);
    const position = event.stream === 'RESULTS' ? Math.max(last, event.sequence) : last;
    positions.set(event.shard, position);
    batch.decide(event, position);
  }
}

async function append(tx: Transaction<unknown>, { made }: Batch): Promise<void> {
  const appends = made.map(({ event, shard, cause }) => ({
    event: toNewEvent(event, cause.traceparent),
    chain: shard,
  }));
  await appendEvents(tx, ALERT_EVENTS, appends);
}
