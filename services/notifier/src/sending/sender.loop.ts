import { setTimeout as delay } from 'node:timers/promises';
import { type ShardLocks, shardLocks } from '@tocsin/database';
import { addMs, type Shard, shardOf } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { plannedProviders } from './desk.store.js';
import type { SenderMetrics } from './sender.metrics.js';
import { createSwitchboard, type Switchboard, type SwitchboardOptions } from './switchboard.js';
import { tick } from './tick.js';
import type { Wake } from './wake.js';

/** Name of the shard locks: a destination belongs to the shard of its provider's id. */
export const SENDER_GROUP = 'notifier-sender';

export interface SenderOptions extends SwitchboardOptions {
  readonly db: Kysely<unknown>;
  readonly wake: Wake;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: SenderMetrics;
}

const REBALANCE_MS = 1_000;
/** Every destination is looked at this often, whatever was heard of it. */
const LOOK_AROUND_MS = 15_000;
const RETRY_MS = 500;
/** Attempts under way get this long to end when the service stops. */
const STOP_MS = 5_000;
/** Attempts at once at most, over all destinations. */
const MOST_AT_ONCE = 1_000;
const FULL_HOUSE_MS = 50;

/** Sends what is planned until the signal, for the destinations of the shards this process holds. */
export async function runSender(options: SenderOptions, signal: AbortSignal): Promise<void> {
  const desk = createSwitchboard(options);
  options.wake.subscribe(desk.mark);
  while (!signal.aborted) {
    try {
      await options.db.connection().execute(async (connection) => {
        try {
          await session(options, connection, desk, signal);
        } finally {
          // The connection goes back to the pool, its locks must not.
          await sql`select pg_advisory_unlock_all()`.execute(connection).catch(() => undefined);
        }
      });
    } catch (error) {
      if (!signal.aborted) options.logger.warn({ err: error }, 'sender interrupted, starting again');
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function session(
  options: SenderOptions,
  connection: Kysely<unknown>,
  desk: Switchboard,
  signal: AbortSignal,
): Promise<void> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection);
  const worker = rows[0]?.pid ?? 0;
  const locks = shardLocks(connection, SENDER_GROUP);
  let balancedAt = Number.NEGATIVE_INFINITY;
  let lookedAt = performance.now();
  while (!signal.aborted) {
    if (performance.now() - balancedAt >= REBALANCE_MS) {
      balancedAt = performance.now();
      const { gained } = await locks.rebalance();
      if (gained.length > 0) await markPlanned(connection, desk, gained);
    }
    if (desk.takeAll() || performance.now() - lookedAt >= LOOK_AROUND_MS) {
      lookedAt = performance.now();
      await markPlanned(connection, desk, locks.owned());
    }
    await step(options, connection, desk, locks, worker);
    await desk.idle(REBALANCE_MS, signal);
  }
  await endUnderWay(options, connection, desk, worker);
}

async function markPlanned(
  connection: Kysely<unknown>,
  desk: Switchboard,
  shards: readonly Shard[],
): Promise<void> {
  desk.mark(await plannedProviders(connection, shards));
}

async function step(
  options: SenderOptions,
  connection: Kysely<unknown>,
  desk: Switchboard,
  locks: Pick<ShardLocks, 'owned'>,
  worker: number,
): Promise<void> {
  const now = options.now();
  const results = desk.results.splice(0);
  const asked = new Set(desk.dirty);
  desk.dirty.clear();
  for (const [id, at] of desk.again) if (at <= now) asked.add(id);
  for (const { job } of results) asked.add(job.notification.provider_id);
  const ended = new Set(results.map(({ job }) => job.notification.provider_id));
  const open = new Set<string>();
  let room = MOST_AT_ONCE - desk.underWay.size + ended.size;
  for (const id of asked) {
    desk.again.delete(id);
    // One attempt at a time: its end will ask again.
    if (desk.underWay.has(id) && !ended.has(id)) continue;
    if (!locks.owned().includes(shardOf(id))) continue;
    if (room > 0) open.add(id);
    else desk.again.set(id, addMs(now, FULL_HOUSE_MS));
    room -= 1;
  }
  if (open.size === 0 && results.length === 0) return;
  const { wake, random } = options;
  try {
    const done = await tick({
      db: connection,
      group: SENDER_GROUP,
      worker,
      now,
      random,
      results,
      open,
      buckets: desk.buckets,
      wake,
    });
    for (const id of ended) desk.underWay.delete(id);
    for (const [id, bucket] of done.buckets) desk.buckets.set(id, bucket);
    for (const [id, at] of done.again) desk.again.set(id, at);
    for (const result of done.settled) options.metrics.ended(result);
    for (const { job } of done.starts) desk.launch(job);
    desk.mark(done.woken);
  } catch (error) {
    // Nothing of it was written, or nobody knows: the attempts' rows will tell when this is tried again.
    desk.results.unshift(...results);
    for (const id of open) desk.dirty.add(id);
    throw error;
  }
}

/** No new attempts; those under way may end and be recorded. */
async function endUnderWay(
  options: SenderOptions,
  connection: Kysely<unknown>,
  desk: Switchboard,
  worker: number,
): Promise<void> {
  const until = performance.now() + STOP_MS;
  const nobody = { owned: () => [] };
  const never = new AbortController().signal;
  for (;;) {
    await step(options, connection, desk, nobody, worker);
    const left = until - performance.now();
    if (desk.underWay.size === 0 || left <= 0) return;
    desk.again.clear();
    await desk.idle(left, never);
  }
}
