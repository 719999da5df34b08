import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '@tocsin/database';
import { PermanentError } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { markPublished, prune, rowsToPublish, rowToEvent, wakeChannel } from './event.store.js';
import type { EventLog } from './event-log.js';
import type { EventRow, EventTable } from './event-table.js';
import { relayMetrics } from './relay.metrics.js';
import { repairTable } from './repair.js';
import { retryDelayMs } from './retry-delay.js';

export interface RelayOptions<DB> {
  readonly db: Kysely<DB>;
  /** for a connection of its own that hears of commits */
  readonly databaseUrl: string;
  readonly log: EventLog;
  /** of one schema */
  readonly tables: readonly EventTable[];
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const BATCH = 500;
/** Another replica is asked this often whether it still relays; also the longest an unheard commit waits. */
const IDLE_MS = 1_000;
const REPAIR_MS = 5_000;
const PRUNE_MS = 60_000;
/** Led this long, and the next trouble counts as the first again. */
const SETTLED_MS = 10_000;

/**
 * Publishes what the tables have and their streams have not, in order for each entity, until the signal. One replica
 * does it at a time; a commit that appended wakes it. It keeps comparing the streams with the tables and repeats what
 * a stream has lost.
 */
export async function runRelay<DB>(options: RelayOptions<DB>, signal: AbortSignal): Promise<void> {
  const { logger, tables } = options;
  const schema = tables[0]?.schema;
  if (schema === undefined) return;
  let wake: (() => void) | undefined;
  let woken = false;
  const onNotify = () => {
    woken = true;
    wake?.();
  };
  const listening = listen({
    databaseUrl: options.databaseUrl,
    name: `relay-${schema}`,
    channels: [wakeChannel(schema)],
    onNotify,
    onConnected: onNotify,
    onError: (error) =>
      logger.warn({ err: error, schema }, 'relay cannot hear of commits, looking every second'),
    signal,
  });
  const idle = async () => {
    if (!woken && !signal.aborted)
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, IDLE_MS);
        wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    woken = false;
  };

  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const startedAt = performance.now();
    try {
      await options.db.connection().execute(async (connection) => {
        const db = connection as unknown as Kysely<unknown>;
        try {
          if (await becomeLeader(db, schema, signal)) {
            logger.info({ schema }, 'relaying');
            await lead({ ...options, db }, idle, signal);
          }
        } finally {
          await sql`select pg_advisory_unlock_all()`.execute(db).catch(() => undefined);
        }
      });
    } catch (error) {
      if (signal.aborted) break;
      if (performance.now() - startedAt > SETTLED_MS) attempt = 1;
      logger.warn({ err: error, schema }, 'relay interrupted, starting again');
      await delay(retryDelayMs(attempt), undefined, { signal }).catch(() => undefined);
    }
  }
  await listening;
}

async function becomeLeader(db: Kysely<unknown>, schema: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const { rows } = await sql<{ ok: boolean }>`
      select pg_try_advisory_lock(hashtext(${`relay:${schema}`}), 0) as ok`.execute(db);
    if (rows[0]?.ok === true) return true;
    await delay(IDLE_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function lead(
  options: RelayOptions<unknown>,
  idle: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { db, log, tables, logger } = options;
  const metrics = relayMetrics(options.metrics);
  let repairedAt = -Infinity;
  let prunedAt = -Infinity;
  while (!signal.aborted) {
    const now = performance.now();
    if (now - repairedAt > REPAIR_MS) {
      for (const table of tables) {
        const lost = await repairTable(db, log, table);
        if (lost === 0) continue;
        metrics.repaired.inc({ stream: table.stream }, lost);
        logger.error(
          { stream: table.stream, lost },
          'the stream has lost events that the table kept: publishing them again',
        );
      }
      repairedAt = now;
    }
    if (now - prunedAt > PRUNE_MS) {
      for (const table of tables) await prune(db, table, new Date().toISOString());
      prunedAt = now;
    }
    let isMore = false;
    for (const table of tables) isMore = (await relayTable(options, table, signal)) || isMore;
    if (!isMore) await idle();
  }
}

/** @returns whether there may be more of what the log takes */
async function relayTable(
  { db, log, logger, metrics }: RelayOptions<unknown>,
  table: EventTable,
  signal: AbortSignal,
): Promise<boolean> {
  const rows = await rowsToPublish(db, table, BATCH);
  if (rows.length === 0) return false;
  const byEntity = Map.groupBy(rows, (row) => row.entity_id);
  const published: { id: string; stream_seq: number }[] = [];
  const publishOne = async (row: EventRow) => {
    try {
      const { sequence } = await log.publish(rowToEvent(row), { signal });
      published.push({ id: row.id, stream_seq: sequence });
      relayMetrics(metrics).published.inc({ stream: table.stream });
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      logger.error(
        { err: error, stream: table.stream, id: row.id, type: row.type },
        'the log refuses an event for good: it stays in the table, unpublished',
      );
    }
  };
  // Entities side by side, the events of one entity in turn: nobody resolves before it was raised.
  const outcomes = await Promise.allSettled(
    [...byEntity.values()].map(async (events) => {
      for (const row of events) await publishOne(row);
    }),
  );
  await markPublished(db, table, published);
  for (const outcome of outcomes) if (outcome.status === 'rejected' && !signal.aborted) throw outcome.reason;
  return rows.length === BATCH && published.length > 0;
}
