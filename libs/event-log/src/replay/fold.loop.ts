import { setTimeout as delay } from 'node:timers/promises';
import { ALL_SHARDS } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import { type BatchItem, commitBatch, type Progress, prepareFor } from '../batch.projection.js';
import type { EventLog } from '../event-log.js';
import type { ProjectionInput } from '../projection.js';
import { type Checkpoint, projectionStore } from '../projection.store.js';
import { reachBounds } from './positions.store.js';
import type { ReplayProjection } from './replayable.js';

export interface FoldOptions {
  /** finds the tables of the shadow first */
  readonly db: Kysely<unknown>;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly shadow: string;
  /** told of the events of each batch that is committed */
  readonly onFolded: (events: number) => void;
  readonly signal: AbortSignal;
}

/** Large, for what a later event of the same batch supersedes is never written. */
const BATCH = 10_000;
const AHEAD = 20_000;
const ASK_MS = 2;
/** Nothing has come for this long, and the log is asked whether that was all, milliseconds. */
const QUIET_MS = 20;

/**
 * Folds the shadow exactly up to its bounds, which differ by shard, and ends there. The same batches, folds and dead
 * letters as live; no lock, for nobody else folds a shadow.
 */
export async function foldToBounds(
  options: FoldOptions,
  { projection, createFold, skips = [] }: ReplayProjection,
): Promise<void> {
  const { db, shadow, onFolded } = options;
  const inShadow = { ...projection, schema: shadow };
  const store = projectionStore(shadow, projection.name);
  const fold = createFold();
  await db.connection().execute(async (connection) => {
    const streams = projection.inputs.map(({ stream }) => stream);
    const checkpoints = await store.load(connection, streams, ALL_SHARDS);
    const createdAt = new Map<string, string>();
    for (const stream of streams) createdAt.set(stream, (await options.log.describe(stream)).createdAt);
    const progress: Progress = { checkpoints, createdAt, reached: new Map() };
    for (const input of projection.inputs.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
      const rows = checkpoints.filter(({ stream }) => stream === input.stream);
      if (skips.includes(input.stream)) continue;
      for await (const items of batches(options, input, rows)) {
        await commitBatch(
          { ...options, projection: inShadow },
          connection,
          fold,
          progress,
          ALL_SHARDS,
          items,
        );
        onFolded(items.length);
      }
      for (const row of rows) Object.assign(row, { seq: Math.max(row.seq, row.rebuild_until) });
    }
    await reachBounds(connection, shadow, projection.name);
  });
}

/** What one input holds between the positions of the shards and their bounds, decoded while the batch before is written. */
async function* batches(
  { log, signal }: FoldOptions,
  input: ProjectionInput,
  rows: readonly Checkpoint[],
): AsyncGenerator<BatchItem[]> {
  const bounds = new Map(rows.map(({ shard, rebuild_until }) => [shard, rebuild_until]));
  const from = Math.min(...rows.filter((row) => row.seq < row.rebuild_until).map(({ seq }) => seq)) + 1;
  const to = Math.max(...bounds.values());
  if (!(from <= to)) return;
  const closing = new AbortController();
  const reader = log.read({
    stream: input.stream,
    subjects: input.subjects(ALL_SHARDS),
    from: { sequence: from },
    signal: AbortSignal.any([signal, closing.signal]),
  });
  const prepare = prepareFor(ALL_SHARDS);
  let queue: BatchItem[] = [];
  let isOver = false;
  let arrived = 0;
  let askedAt = performance.now();
  let failed: unknown;
  let resume: (() => void) | undefined;

  const pump = async () => {
    for await (const message of reader) {
      arrived += 1;
      if (message.sequence > to) break;
      const item = prepare(message);
      const shard = item.event?.shard ?? item.failure?.shard;
      if (shard !== undefined && message.sequence <= (bounds.get(shard) ?? 0)) queue.push(item);
      if (message.sequence === to) break;
      if (queue.length >= AHEAD) await new Promise<void>((resolve) => (resume = resolve));
    }
    isOver = true;
  };
  const pumping = pump().catch((error: unknown) => {
    failed = error;
    isOver = true;
  });

  try {
    for (;;) {
      signal.throwIfAborted();
      if (failed !== undefined) throw failed;
      if (queue.length >= BATCH || (isOver && queue.length > 0)) {
        const items = queue.slice(0, BATCH);
        queue = queue.slice(BATCH);
        resume?.();
        resume = undefined;
        yield items;
        continue;
      }
      if (isOver) return;
      // The last of the bound may be gone, or none of it is for these subjects. To be asked costs the server a count.
      const before = arrived;
      await delay(ASK_MS);
      if (arrived !== before) askedAt = performance.now();
      else if (performance.now() - askedAt > QUIET_MS) {
        if ((await reader.isDrained()) && arrived === before) isOver = true;
        askedAt = performance.now();
      }
    }
  } finally {
    closing.abort();
    resume?.();
    await pumping;
  }
}
