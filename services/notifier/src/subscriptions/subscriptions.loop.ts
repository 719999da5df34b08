import { setTimeout as delay } from 'node:timers/promises';
import { type ShardLocks, shardLocks } from '@tocsin/database';
import type { EventLog } from '@tocsin/event-log';
import { type Instant, type Shard, shardOf } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Wake } from '../sending/wake.js';
import { type Board, createBoard } from './board.js';
import type { Delivered } from './deliver.request.js';
import { forgetAttempts, interruptAttempts, loadStates, saveStates } from './ledger.store.js';
import { type Attempt, createLine } from './line.js';
import { step } from './step.js';
import { type SubscriptionRow, type SubscriptionState, stateUnder } from './subscription.js';
import type { SubscriptionMetrics } from './subscription.metrics.js';
import { findSubscriptions, subscriptionsOf } from './subscription.store.js';
import { openTail } from './tail.loop.js';

/** Name of the shard locks: a subscription belongs to the shard of its id. */
const SUBSCRIPTION_GROUP = 'notifier-subscriptions';

export interface SubscriptionsOptions {
  readonly db: Kysely<unknown>;
  readonly log: EventLog;
  /** of subscriptions that were configured */
  readonly wake: Wake;
  readonly providerWake: Wake;
  /** makes the attempt; never throws */
  readonly send: (
    row: SubscriptionRow,
    event: { readonly id: string; readonly text: string },
  ) => Promise<Delivered>;
  readonly now: () => Instant;
  readonly random: () => number;
  readonly giveUpAfterMs: number | undefined;
  readonly logger: Logger;
  readonly metrics: SubscriptionMetrics;
}

const REBALANCE_MS = 1_000;
/** Everything is looked at this often, whatever was heard of it, and the log is asked whether it is still the same. */
const LOOK_AROUND_MS = 15_000;
const RETRY_MS = 500;
/** Attempts under way get this long to end when the service stops. */
const STOP_MS = 5_000;

/** Sends to other systems what they subscribed to, until the signal, for the shards this process holds. */
export async function runSubscriptions(options: SubscriptionsOptions, signal: AbortSignal): Promise<void> {
  const board = createBoard();
  options.wake.subscribe(board.markChanged);
  while (!signal.aborted) {
    try {
      await options.db.connection().execute(async (connection) => {
        try {
          await session(options, connection, board, signal);
        } finally {
          board.clear();
          // The connection goes back to the pool, its locks must not.
          await sql`select pg_advisory_unlock_all()`.execute(connection).catch(() => undefined);
        }
      });
    } catch (error) {
      if (!signal.aborted) options.logger.warn({ err: error }, 'subscriptions interrupted, starting again');
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function session(
  options: SubscriptionsOptions,
  connection: Kysely<unknown>,
  board: Board,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  const failure: { error?: unknown } = {};
  const onError = (error: unknown) => {
    failure.error ??= error;
    board.rouse();
  };
  try {
    const tail = await untilAborted(
      openTail({ ...options, isWanted: board.isWanted, onItem: board.push, onError, signal: ending.signal }),
      signal,
    );
    if (tail === undefined) return;
    const locks = shardLocks(connection, SUBSCRIPTION_GROUP);
    const unsaved = new Map<string, SubscriptionState>();
    const here = { options, connection, board, unsaved };
    let balancedAt = Number.NEGATIVE_INFINITY;
    let lookedAt = performance.now();
    while (!signal.aborted) {
      if (failure.error !== undefined) throw failure.error;
      if (performance.now() - balancedAt >= REBALANCE_MS) {
        balancedAt = performance.now();
        const { gained, lost } = await locks.rebalance();
        for (const id of board.lines.keys()) if (lost.includes(shardOf(id))) board.remove(id);
        if (gained.length > 0) await take(here, gained);
      }
      const isTime = performance.now() - lookedAt >= LOOK_AROUND_MS;
      if (isTime) {
        lookedAt = performance.now();
        tail.check().catch(onError);
      }
      await renew(here, locks, isTime);
      await advance(here, false);
      await board.idle(REBALANCE_MS, options.now(), signal);
    }
    await endUnderWay(here);
  } finally {
    end();
    signal.removeEventListener('abort', end);
  }
}

interface Here {
  readonly options: SubscriptionsOptions;
  readonly connection: Kysely<unknown>;
  readonly board: Board;
  readonly unsaved: Map<string, SubscriptionState>;
}

async function take(here: Here, shards: readonly Shard[]): Promise<void> {
  await open(here, await subscriptionsOf(here.connection, shards));
}

/** Interrupted first, read then: an attempt that another process ends meanwhile is in what is read, or does not count. */
async function open(
  { options, connection, board, unsaved }: Here,
  rows: readonly SubscriptionRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  const own = [...board.underWay.values()].map(({ attempt }) => attempt);
  await interruptAttempts(connection, ids, own, options.now());
  const states = await loadStates(connection, ids);
  for (const row of rows) {
    const known = states.get(row.id);
    const state = stateUnder(row, known);
    if (state !== known) unsaved.set(row.id, state);
    board.put(createLine(row, state, board.lines.get(row.id)?.lane));
  }
}

/** Subscriptions that were configured since. */
async function renew(here: Here, locks: Pick<ShardLocks, 'owned'>, isTime: boolean): Promise<void> {
  const { board, connection } = here;
  const owned = locks.owned();
  const ids = [...board.changed].filter((id) => owned.includes(shardOf(id)));
  board.changed.clear();
  const isAll = board.takeAllChanged() || isTime;
  const rows = isAll ? await subscriptionsOf(connection, owned) : await findSubscriptions(connection, ids);
  const fresh = rows.filter(({ id, revision }) => (board.lines.get(id)?.row.revision ?? 0) < revision);
  await open(
    here,
    fresh.filter(({ deleted }) => !deleted),
  );
  const there = new Set(rows.filter(({ deleted }) => !deleted).map(({ id }) => id));
  const gone = (isAll ? [...board.lines.keys()] : ids).filter((id) => !there.has(id));
  for (const id of gone) {
    board.remove(id);
    here.unsaved.delete(id);
  }
  if (gone.length > 0) await forget(connection, gone);
}

/**
 * What is left says that they are gone: a rebuild tells their beginning before their end, and nothing is sent under
 * settings older than those a subscription stood under.
 */
async function forget(connection: Kysely<unknown>, ids: readonly string[]): Promise<void> {
  const rows = (await findSubscriptions(connection, ids)).filter(({ deleted }) => deleted);
  const states = await loadStates(connection, ids);
  await connection.transaction().execute(async (tx) => {
    await saveStates(
      tx,
      rows.map((row) => stateUnder(row, states.get(row.id))),
    );
    await forgetAttempts(tx, ids);
  });
}

async function advance(here: Here, isStopping: boolean): Promise<void> {
  const { options, connection, board, unsaved } = here;
  const { starts, ended, woken } = await step({
    ...options,
    db: connection,
    board,
    unsaved,
    now: options.now(),
    isStopping,
  });
  for (const one of ended) options.metrics.ended(one);
  for (const attempt of starts) launch(options, board, attempt);
  options.providerWake.here(woken);
}

function launch({ send, now }: SubscriptionsOptions, board: Board, attempt: Attempt): void {
  const { row, item } = attempt;
  board.underWay.set(row.id, { attempt, lane: board.lines.get(row.id)?.lane ?? 'slow' });
  const begun = performance.now();
  const finish = (outcome: Delivered) => {
    board.results.push({ attempt, outcome, finishedAt: now(), tookMs: performance.now() - begun });
    board.rouse();
  };
  send(row, { id: item.id, text: item.text() }).then(finish, (error: unknown) => {
    throw error;
  });
}

/** No new attempts; those under way may end and be recorded. */
async function endUnderWay(here: Here): Promise<void> {
  const { board, options } = here;
  const until = performance.now() + STOP_MS;
  const never = new AbortController().signal;
  for (;;) {
    await advance(here, true);
    const left = until - performance.now();
    if (board.underWay.size === 0 || left <= 0) return;
    board.again.clear();
    await board.idle(left, options.now(), never);
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const stop = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: stop.signal });
  });
  work.catch(() => undefined);
  return await Promise.race([work, aborted]).finally(() => stop.abort());
}
