import type { StreamName } from '@tocsin/contracts';
import { isTransient } from '@tocsin/database';
import { DomainError, PermanentError, type Shard } from '@tocsin/kernel';
import type { Kysely, Transaction } from 'kysely';
import { decodeStored, shardOfMessage } from './decode-stored.js';
import type { StoredMessage } from './event-log.js';
import type { Fold, FoldContext, InputEvent } from './projection.js';
import { projectionMetrics } from './projection.metrics.js';
import type { ProjectionHostOptions } from './projection.runner.js';
import { type Checkpoint, type Failure, type Position, projectionStore } from './projection.store.js';

/** How far the owned shards are; moved on as batches commit. */
export interface Progress {
  readonly checkpoints: readonly Checkpoint[];
  readonly createdAt: ReadonlyMap<string, string>;
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
  messages: readonly StoredMessage[],
): Promise<void> {
  const { projection, logger } = options;
  const metrics = projectionMetrics(options.metrics);
  const store = projectionStore(projection.schema, projection.name);
  const { events, failures, mode } = read(progress, owned, messages);
  const positions = endOf(progress, messages);
  const after: (() => void)[] = [];

  async function transact(refused: readonly Failure[], folded: readonly InputEvent[]): Promise<void> {
    const startedAt = performance.now();
    await connection.transaction().execute(async (tx) => {
      const plain = tx as unknown as Transaction<unknown>;
      if (folded.length > 0) await fold(folded, contextOf(tx, progress, owned, mode, after));
      await store.bury(plain, refused);
      for (const position of positions) await store.move(plain, position, owned);
    });
    metrics.batchSeconds.observe({ projection: projection.name }, (performance.now() - startedAt) / 1_000);
    for (const { stream, seq, eventId } of positions)
      for (const row of progress.checkpoints)
        if (row.stream === stream && row.seq < seq) Object.assign(row, { seq, event_id: eventId });
    for (const { stream } of folded) metrics.events.inc({ projection: projection.name, stream });
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
      const message = messages.find(
        ({ sequence, stream }) => sequence === only.sequence && stream === only.stream,
      );
      if (message === undefined) throw error;
      const explanation = error instanceof Error ? error.message : String(error);
      await transact([...failures, { message, shard: only.shard, reason: reasonOf(error), explanation }], []);
      return;
    }
    const half = Math.ceil(messages.length / 2);
    await commitBatch(options, connection, fold, progress, owned, messages.slice(0, half));
    await commitBatch(options, connection, fold, progress, owned, messages.slice(half));
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

/** What of the messages is ours and new, decoded. */
function read(progress: Progress, owned: readonly Shard[], messages: readonly StoredMessage[]) {
  const events: InputEvent[] = [];
  const failures: Failure[] = [];
  let mode: FoldContext['mode'] = 'live';
  for (const message of messages) {
    const shard = shardOfMessage(message);
    if (!owned.includes(shard)) continue;
    const row = checkpointOf(progress, message.stream, shard);
    if (row === undefined || message.sequence <= row.seq) continue;
    if (message.sequence <= row.rebuild_until) mode = 'rebuild';
    try {
      events.push({ ...decodeStored(message), stream: message.stream, shard });
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      failures.push({ message, shard, reason: error.reason, explanation: error.message });
    }
  }
  return { events, failures, mode };
}

/** The last message of each stream: up to there the owned shards are done. */
function endOf(progress: Progress, messages: readonly StoredMessage[]): Position[] {
  const last = new Map<StreamName, StoredMessage>();
  for (const message of messages) last.set(message.stream, message);
  return [...last.values()].map((message) => ({
    stream: message.stream,
    seq: message.sequence,
    eventId: message.header('ce-id'),
    storedAt: message.storedAt,
    streamCreatedAt: progress.createdAt.get(message.stream) ?? '',
  }));
}
