import { setTimeout as delay } from 'node:timers/promises';
import { isTransient, type ShardLocks, shardLocks } from '@tocsin/database';
import type { Shard } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import {
  type BatchItem,
  commitBatch,
  moveRows,
  type Progress,
  prepareFor,
  replayDeadLetters,
} from './batch.projection.js';
import { ProjectionContext } from './contexts.js';
import type { StreamState } from './event-log.js';
import { type Feed, type FeedInput, openFeed } from './feed.js';
import type { Hosted } from './hosted.js';
import type { Fold, Projection, ProjectionHostOptions } from './projection.js';
import { projectionMetrics } from './projection.metrics.js';
import { projectionStore } from './projection.store.js';
import { findRegression, safePosition } from './regression.js';
import { retryDelayMs } from './retry-delay.js';

/** Members are counted and shards taken or given back this often, milliseconds. */
const REBALANCE_MS = 1_000;
/** Lag, lost log and replays are looked after this often, milliseconds. */
const LOOK_AFTER_MS = 3_000;

/** Runs a projection with a function: what the Nest transport and the tests do. Ends with the signal. */
export async function runProjection<DB>(
  options: ProjectionHostOptions<DB>,
  fold: Fold<DB>,
  signal: AbortSignal,
): Promise<void> {
  const { projection, logger } = options;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const startedAt = performance.now();
    try {
      await options.db.connection().execute(async (connection) => {
        try {
          // What is folded can be folded again: only a batch that appends events waits for the disk (`appendEvents`).
          await sql`set synchronous_commit = off`.execute(connection);
          await session(options, connection, fold, signal);
        } finally {
          // The connection goes back to the pool, its locks must not.
          await sql`reset synchronous_commit`.execute(connection).catch(() => undefined);
          await sql`select pg_advisory_unlock_all()`.execute(connection).catch(() => undefined);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      if (performance.now() - startedAt > 10_000) attempt = 1;
      const fields = { err: error, projection: projection.name, attempt };
      if (isTransient(error))
        logger.warn(fields, 'projection interrupted, starting again from its checkpoint');
      else logger.error(fields, 'projection failed, starting again from its checkpoint');
      await delay(retryDelayMs(attempt), undefined, { signal }).catch(() => undefined);
    }
  }
}

async function session<DB>(
  options: ProjectionHostOptions<DB>,
  connection: Kysely<DB>,
  fold: Fold<DB>,
  signal: AbortSignal,
): Promise<void> {
  const { projection, log } = options;
  const metrics = projectionMetrics(options.metrics);
  const locks = shardLocks(connection, `projection:${projection.schema}:${projection.name}`);
  let failed: unknown;
  let feed: Feed<BatchItem> | undefined;
  let progress: Progress = { checkpoints: [], createdAt: new Map(), reached: new Map() };
  let lookedAfterAt = 0;
  const stop = () => feed?.close();
  signal.addEventListener('abort', stop);

  async function reopen(): Promise<void> {
    feed?.close();
    feed = undefined;
    metrics.shards.set({ projection: projection.name }, locks.owned().length);
    if (locks.owned().length === 0) return;
    const opened = await prepare(options, connection, locks);
    progress = opened.progress;
    feed = openFeed(log, opened.inputs, prepareFor(locks.owned()), (error) => {
      failed = error;
      feed?.close();
    });
  }

  try {
    await locks.rebalance();
    await reopen();
    for (let balancedAt = performance.now(); !signal.aborted; ) {
      if (feed === undefined) await delay(REBALANCE_MS, undefined, { signal }).catch(() => undefined);
      else {
        const items = await feed.take(projection.maxBatch ?? 1_000, projection.lingerMs ?? 5, REBALANCE_MS);
        if (failed !== undefined) throw failed;
        if (items.length > 0) await commitBatch(options, connection, fold, progress, locks.owned(), items);
      }
      if (performance.now() - balancedAt < REBALANCE_MS || signal.aborted) continue;
      balancedAt = performance.now();
      await moveAlong(options.projection, connection, locks.owned(), progress);
      const { gained, lost } = await locks.rebalance();
      if (gained.length + lost.length > 0) await reopen();
      if (feed === undefined || performance.now() - lookedAfterAt < LOOK_AFTER_MS) continue;
      lookedAfterAt = performance.now();
      if (await lookAfter(options, connection, locks, feed, progress)) await reopen();
      await replayDeadLetters(options, connection, fold, progress, locks.owned());
    }
    await moveAlong(options.projection, connection, locks.owned(), progress);
  } finally {
    signal.removeEventListener('abort', stop);
    feed?.close();
  }
}

/** Quiet shards go along with the busy ones: up to where the streams were read, nothing is left for them. */
async function moveAlong<DB>(
  projection: Projection,
  connection: Kysely<DB>,
  owned: readonly Shard[],
  progress: Progress,
): Promise<void> {
  const store = projectionStore(projection.schema, projection.name);
  for (const position of progress.reached.values()) {
    await store.move(connection as unknown as Kysely<unknown>, position, owned);
    moveRows(progress, position, owned);
  }
  progress.reached.clear();
}

/** Loads the checkpoints, compares them with the log, and says from where to read. */
async function prepare<DB>(
  { projection, log, logger, metrics }: ProjectionHostOptions<DB>,
  connection: Kysely<DB>,
  locks: ShardLocks,
): Promise<{ progress: Progress; inputs: FeedInput[] }> {
  const db = connection as unknown as Kysely<unknown>;
  const store = projectionStore(projection.schema, projection.name);
  const shards = locks.owned();
  const streams = projection.inputs.map(({ stream }) => stream);
  const states = new Map<string, StreamState>();
  for (const stream of streams) states.set(stream, await log.describe(stream));

  let checkpoints = await store.load(db, streams, shards);
  const asked = new Map<string, Awaited<ReturnType<typeof findRegression>>>();
  let putBack = false;
  for (const checkpoint of checkpoints) {
    const state = states.get(checkpoint.stream);
    if (state === undefined) continue;
    const key = `${checkpoint.stream} ${checkpoint.seq} ${checkpoint.event_id}`;
    const reason = asked.has(key) ? asked.get(key) : await findRegression(log, state, checkpoint);
    asked.set(key, reason);
    if (reason === undefined) {
      if (checkpoint.seq > 0 && checkpoint.seq + 1 < state.firstSequence)
        logger.warn(
          { projection: projection.name, ...checkpoint, firstSequence: state.firstSequence },
          'the log no longer holds what follows the checkpoint: events of this shard may have been missed',
        );
      continue;
    }
    const seq = await safePosition(log, checkpoint.stream, state, reason, checkpoint.event_time);
    logger.error(
      {
        projection: projection.name,
        reason,
        ...checkpoint,
        lastSequence: state.lastSequence,
        foldAgainAfter: seq,
      },
      'the log is not the one this checkpoint was made on: folding again from before the loss',
    );
    projectionMetrics(metrics).regressions.inc({ stream: checkpoint.stream, reason });
    await store.putBack(db, checkpoint.stream, [checkpoint.shard], seq);
    putBack = true;
  }
  if (putBack) checkpoints = await store.load(db, streams, shards);

  const inputs = projection.inputs.map(({ stream, subjects, order }): FeedInput => {
    const rows = checkpoints.filter((row) => row.stream === stream);
    const from = Math.min(...rows.map(({ seq }) => seq)) + 1;
    const rebuildUntil = Math.max(
      ...rows.map((row) => (row.rebuild_until > row.seq ? row.rebuild_until : 0)),
    );
    return {
      stream,
      subjects: subjects(shards),
      order: order ?? 0,
      from,
      target: rebuildUntil > 0 ? rebuildUntil : (states.get(stream)?.lastSequence ?? 0),
    };
  });
  const createdAt = new Map([...states].map(([stream, state]) => [stream, state.createdAt]));
  return { progress: { checkpoints, createdAt, reached: new Map() }, inputs };
}

/** Measures the lag, moves quiet shards along. @returns whether the log must be looked at anew */
async function lookAfter<DB>(
  { projection, log, metrics }: ProjectionHostOptions<DB>,
  connection: Kysely<DB>,
  locks: ShardLocks,
  feed: Feed<BatchItem>,
  progress: Progress,
): Promise<boolean> {
  const db = connection as unknown as Kysely<unknown>;
  const store = projectionStore(projection.schema, projection.name);
  const { lag } = projectionMetrics(metrics);
  for (const { stream } of projection.inputs) {
    const state = await log.describe(stream);
    const rows = progress.checkpoints.filter((row) => row.stream === stream);
    const furthest = rows.reduce((a, b) => (b.seq > a.seq ? b : a), rows[0] ?? { seq: 0, event_id: '' });
    const at = { stream, seq: furthest.seq, event_id: furthest.event_id };
    const made = progress.createdAt.get(stream) ?? null;
    if ((await findRegression(log, state, { ...at, stream_created_at: made })) !== undefined) return true;
    // Drained after the end was known: up to that end there is nothing left for these shards.
    const quiet = state.lastSequence > furthest.seq && (await feed.drained()).includes(stream);
    if (quiet) {
      const last = await log.messageAt(stream, state.lastSequence);
      if (last !== undefined) {
        const position = {
          stream,
          seq: last.sequence,
          eventId: last.header('ce-id'),
          storedAt: last.storedAt,
          streamCreatedAt: state.createdAt,
        };
        await store.move(db, position, locks.owned());
        moveRows(progress, position, locks.owned());
      }
    }
    for (const row of rows)
      lag.set(
        { projection: projection.name, stream, shard: row.shard },
        Math.max(0, state.lastSequence - row.seq),
      );
  }
  return false;
}

/** The projection as a host: its handler gets `(events, ProjectionContext)`. */
export function projectionHost<DB>(options: ProjectionHostOptions<DB>): Hosted {
  return {
    pattern: options.projection.name,
    run: (handle, signal) =>
      runProjection(options, (events, context) => handle(events, new ProjectionContext([context])), signal),
  };
}
