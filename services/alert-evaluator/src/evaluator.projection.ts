import { alertLogEvent } from '@tocsin/contracts';
import { type Append, appendEvents, type Fold, type FoldContext, type InputEvent } from '@tocsin/event-log';
import { newId, type Shard } from '@tocsin/kernel';
import type { Transaction } from 'kysely';
import { writeAlerts } from './alert.store.js';
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
import { createStateCache, type StateCache } from './state-cache.store.js';
import { writeStates } from './target-state.store.js';

type Context = FoldContext<unknown>;

/** Where decisions go. */
export type Publish = (tx: Transaction<unknown>, appends: readonly Append[]) => Promise<unknown>;

const toAlertLog: Publish = (tx, appends) => appendEvents(tx, ALERT_EVENTS, appends);

/** CONFIG and RESULTS into counters, alerts and the alert log. One per process. */
export function createFold(report: Report, publish = toAlertLog): Fold<unknown> {
  const cache = createStateCache(newId());
  const rebuilding = createRebuildWatch();
  return async (events, context) => {
    const under = await rebuilding(context);
    const treated = events.map((event) => ({ event, treatment: treatmentOf(event, under.get(event.shard)) }));
    await putOff(context.tx, eventsOf(treated, 'put_off'));
    const decide = eventsOf(treated, 'decide');
    const recount = eventsOf(treated, 'recount');
    const over = [...under.keys()].filter((shard) => decide.some((event) => event.shard === shard));
    await foldBatch(
      context,
      { cache, report, publish },
      { recount, decide, until: untilOf(recount, over), over },
    );
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

/** Shards that a rebuild may concern. Positions that went backwards mean that one was started. */
function createRebuildWatch() {
  const settled = new Set<Shard>();
  let heights = new Map<Shard, number>();
  return async ({ tx, shards, position }: Context): Promise<Map<Shard, RebuildProgress>> => {
    const now = new Map(
      shards.map((shard) => [shard, position('CONFIG', shard) + position('RESULTS', shard)]),
    );
    for (const [shard, height] of now) if (height < (heights.get(shard) ?? 0)) settled.delete(shard);
    heights = now;
    const under = new Map<Shard, RebuildProgress>();
    const unsure = shards.filter((shard) => !settled.has(shard));
    if (unsure.length === 0) return under;
    for (const progress of await loadRebuildProgress(tx, unsure)) {
      if (isLogRebuilt(progress) && !progress.listed) settled.add(progress.shard);
      else under.set(progress.shard, progress);
    }
    return under;
  };
}

interface Work {
  readonly recount: readonly InputEvent[];
  readonly decide: readonly InputEvent[];
  readonly until: ReadonlyMap<Shard, number>;
  /** shards whose rebuild ends with this batch */
  readonly over: readonly Shard[];
}

/** The part that the end of a rebuild shares with everyday work. */
export async function foldBatch(
  { tx, shards, position, afterCommit }: Omit<Context, 'mode'>,
  { cache, report, publish = toAlertLog }: { cache: StateCache; report: Report; publish?: Publish },
  { recount, decide, until, over }: Work,
): Promise<void> {
  // 1. load: what is listed first, for whoever else folds the shard to wait there
  const logged = await takeDecisions(tx, until);
  const late = [...(await takePutOff(tx, over)), ...decide];
  await cache.begin(tx, shards);
  const known = await cache.load(tx, targetsOf(logged, [...recount, ...late]));
  // 2. decide
  const batch = createBatch(known);
  const replay = createReplay(batch, logged);
  for (const event of recount) replay.recount(event);
  replay.takeRest();
  decideAll(batch, late, position);
  // 3. write
  const records = batch.changed();
  const events = [...logged.map(({ event }) => event), ...batch.made.map(({ event }) => event)];
  await writeStates(tx, records, known);
  await writeAlerts(tx, alertRows(events));
  await publish(tx, appendsOf(batch));
  afterCommit(() => {
    cache.confirm(records);
    report({ ...batch, differences: replay.differences() });
  });
}

function targetsOf(logged: readonly LoggedDecision[], events: readonly InputEvent[]): Map<string, Shard> {
  const targets = new Map<string, Shard>();
  for (const { event, shard } of logged) targets.set(event.data.target.id, shard);
  for (const event of events) {
    const id = targetIdOf(event);
    if (id !== undefined) targets.set(id, event.shard);
  }
  return targets;
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

const appendsOf = ({ made }: Batch): Append[] =>
  made.map(({ event, shard, cause }) => ({
    event: alertLogEvent(event, cause.traceparent),
    chain: shard,
  }));
