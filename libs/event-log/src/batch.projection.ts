import type { StreamName } from '@tocsin/contracts';
import { isTransient } from '@tocsin/database';
import { DomainError, PermanentError, type Shard } from '@tocsin/kernel';
import type { Kysely, Transaction } from 'kysely';
import { decodeStored, shardOfMessage } from './decode-stored.js';
import type { StoredMessage } from './event-log.js';
import type { Fold, FoldContext, InputEvent, ProjectionHostOptions } from './projection.js';
import { projectionMetrics } from './projection.metrics.js';
import { type Checkpoint, type Failure, type Position, projectionStore } from './projection.store.js';

/** How far the owned shards are; moved on as batches commit. */
export interface Progress {
  readonly checkpoints: readonly Checkpoint[];
  readonly createdAt: ReadonlyMap<string, string>;
  /** the last message of each stream that was read and dealt with */
  readonly reached: Map<StreamName, Position>;
}

/** The shards' checkpoints as they are in the table now. */
export function moveRows(
  progress: Progress,
  { stream, seq, eventId }: Position,
  shards: readonly Shard[],
): void {
  for (const row of progress.checkpoints)
    if (row.stream === stream && row.seq < seq && shards.includes(row.shard))
      Object.assign(row, { seq, event_id: eventId });
}

/** A message with what it is to this process: an event of its shards, something to put aside, or neither. */
export interface BatchItem {
  readonly message: StoredMessage;
  readonly event?: InputEvent;
  readonly failure?: Failure;
}

const checkpointOf = (progress: Progress, stream: StreamName, shard: Shard) =>
  progress.checkpoints.find((row) => row.shard === shard && row.stream === stream);

const reasonOf = (error: unknown) =>
  error instanceof PermanentError ? error.reason : error instanceof DomainError ? error.code : 'fold_failed';

/**
 * Folds the messages, puts aside what cannot be decoded, moves the checkpoints: one transaction. When the fold refuses,
 * halves are tried until the one message that it refuses is alone, and that one is put aside.
 * @throws what is transient
 */
export async function commitBatch<DB>(
  options: ProjectionHostOptions<DB>,
  connection: Kysely<DB>,
  fold: Fold<DB>,
  progress: Progress,
  owned: readonly Shard[],
  items: readonly BatchItem[],
): Promise<void> {
  const { projection, logger } = options;
  const metrics = projectionMetrics(options.metrics);
  const store = projectionStore(projection.schema, projection.name);
  const { events, failures, mode } = fresh(progress, items);
  const positions = endOf(progress, items);
  // A shard without events is moved along by the runner every second: sixteen rows for each small batch would be most
  // of what Postgres does for it.
  const touched = [...new Set([...events, ...failures].map(({ shard }) => shard))];
  const after: (() => void)[] = [];
  if (events.length + failures.length === 0) {
    for (const position of positions) progress.reached.set(position.stream, position);
    return;
  }

  async function transact(refused: readonly Failure[], folded: readonly InputEvent[]): Promise<void> {
    const startedAt = performance.now();
    await connection.transaction().execute(async (tx) => {
      const plain = tx as unknown as Transaction<unknown>;
      if (folded.length > 0) await fold(folded, contextOf(tx, progress, owned, mode, after));
      await store.bury(plain, refused);
      for (const position of positions) await store.move(plain, position, touched);
    });
    metrics.batchSeconds.observe({ projection: projection.name }, (performance.now() - startedAt) / 1_000);
    for (const position of positions) {
      progress.reached.set(position.stream, position);
      moveRows(progress, position, touched);
    }
    for (const [stream, count] of countByStream(folded))
      metrics.events.inc({ projection: projection.name, stream }, count);
    for (const { message, reason, explanation } of refused) {
      metrics.deadLetters.inc({ projection: projection.name, reason });
      const { stream, sequence, subject } = message;
      logger.error(
        { projection: projection.name, stream, sequence, subject, reason, explanation },
        'event put aside',
      );
    }
    for (const run of after) run();
  }

  try {
    await transact(failures, events);
  } catch (error) {
    if (isTransient(error)) throw error;
    const [only, ...others] = events;
    if (only === undefined) throw error;
    if (others.length === 0) {
      after.length = 0;
      const message = items.find(({ event }) => event === only)?.message;
      if (message === undefined) throw error;
      const explanation = error instanceof Error ? error.message : String(error);
      await transact([...failures, { message, shard: only.shard, reason: reasonOf(error), explanation }], []);
      return;
    }
    const half = Math.ceil(items.length / 2);
    await commitBatch(options, connection, fold, progress, owned, items.slice(0, half));
    await commitBatch(options, connection, fold, progress, owned, items.slice(half));
  }
}

/** Folds again what an operator asked to have replayed, each on its own. */
export async function replayDeadLetters<DB>(
  options: ProjectionHostOptions<DB>,
  connection: Kysely<DB>,
  fold: Fold<DB>,
  progress: Progress,
  owned: readonly Shard[],
): Promise<void> {
  const { projection, logger } = options;
  const store = projectionStore(projection.schema, projection.name);
  const db = connection as unknown as Kysely<unknown>;
  for (const letter of await store.toReplay(db, owned)) {
    const message: StoredMessage = {
      stream: letter.stream,
      sequence: letter.seq,
      subject: letter.subject,
      storedAt: '',
      header: (name) => letter.headers[name] ?? '',
      headers: () => letter.headers,
      body: () => letter.body,
    };
    const after: (() => void)[] = [];
    try {
      const event = { ...decodeStored(message), stream: letter.stream, shard: letter.shard };
      await connection.transaction().execute(async (tx) => {
        await fold([event], contextOf(tx, progress, owned, 'live', after));
        await store.replayed(tx as unknown as Transaction<unknown>, letter.id);
      });
      for (const run of after) run();
      logger.info({ projection: projection.name, deadLetter: letter.id }, 'event replayed');
    } catch (error) {
      if (isTransient(error)) throw error;
      const explanation = error instanceof Error ? error.message : String(error);
      await store.replayFailed(db, letter.id, reasonOf(error), explanation);
    }
  }
}

function contextOf<DB>(
  tx: Transaction<DB>,
  progress: Progress,
  shards: readonly Shard[],
  mode: FoldContext['mode'],
  after: (() => void)[],
): FoldContext<DB> {
  return {
    tx,
    shards,
    mode,
    position: (stream, shard) => checkpointOf(progress, stream, shard)?.seq ?? 0,
    afterCommit: (run) => void after.push(run),
  };
}

/**
 * What a message is to this process, decided as it arrives: decoding goes on while Postgres works on the batch before.
 * @param owned shards of this process; others' messages only move the position
 */
export function prepareFor(owned: readonly Shard[]): (message: StoredMessage) => BatchItem {
  const ours = new Set(owned);
  return (message) => {
    const shard = shardOfMessage(message);
    if (!ours.has(shard)) return { message };
    try {
      // Not a copy: tens of thousands a second pass here, and each copy is work for the collector.
      return { message, event: Object.assign(decodeStored(message), { stream: message.stream, shard }) };
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return { message, failure: { message, shard, reason: error.reason, explanation: error.message } };
    }
  };
}

/** What of the items is ours and new. */
function fresh(progress: Progress, items: readonly BatchItem[]) {
  const rows = new Map(progress.checkpoints.map((row) => [row.stream + row.shard, row]));
  const events: InputEvent[] = [];
  const failures: Failure[] = [];
  let mode: FoldContext['mode'] = 'live';
  for (const { message, event, failure } of items) {
    const shard = event?.shard ?? failure?.shard;
    if (shard === undefined) continue;
    const row = rows.get(message.stream + shard);
    if (row === undefined || message.sequence <= row.seq) continue;
    if (message.sequence <= row.rebuild_until) mode = 'rebuild';
    if (event !== undefined) events.push(event);
    if (failure !== undefined) failures.push(failure);
  }
  return { events, failures, mode };
}

function countByStream(events: readonly InputEvent[]): Map<StreamName, number> {
  const counts = new Map<StreamName, number>();
  for (const { stream } of events) counts.set(stream, (counts.get(stream) ?? 0) + 1);
  return counts;
}

/** The last message of each stream: up to there the owned shards are done. */
function endOf(progress: Progress, items: readonly BatchItem[]): Position[] {
  const last = new Map<StreamName, StoredMessage>();
  for (const { message } of items) last.set(message.stream, message);
  return [...last.values()].map((message) => ({
    stream: message.stream,
    seq: message.sequence,
    eventId: message.header('ce-id'),
    storedAt: message.storedAt,
    streamCreatedAt: progress.createdAt.get(message.stream) ?? '',
  }));
}
