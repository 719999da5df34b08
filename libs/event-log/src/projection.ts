import type { LoggedEvent, StreamName } from '@tocsin/contracts';
import type { Shard } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import type { Kysely, Transaction } from 'kysely';
import type { EventLog } from './event-log.js';

/** An event with the stream it came from and the shard of the entity it is about. */
export type InputEvent = LoggedEvent & { readonly stream: StreamName; readonly shard: Shard };

export interface ProjectionInput {
  readonly stream: StreamName;
  /** filters for the shards this process owns; a stream without shards in its subjects ignores the argument */
  readonly subjects: (shards: readonly Shard[]) => readonly string[];
  /** after a restart, inputs of a lower number are read to their end before those of a higher one; 0 when absent */
  readonly order?: number;
}

export interface Projection {
  /** also the name of its shard locks and of its consumer's metrics */
  readonly name: string;
  /** schema that holds `checkpoint` and `dead_letter` */
  readonly schema: string;
  readonly inputs: readonly ProjectionInput[];
  /** events per transaction at most; 1000 */
  readonly maxBatch?: number;
  /** how long a batch may wait to grow, milliseconds; 5. Nothing waits while the log is behind. */
  readonly lingerMs?: number;
}

export interface FoldContext<DB = unknown> {
  /** the transaction that also moves the checkpoint: everything goes through it */
  readonly tx: Transaction<DB>;
  /** shards this process owns now */
  readonly shards: readonly Shard[];
  /** `rebuild` while events are folded again that were folded before the tables were emptied: emit nothing */
  readonly mode: 'live' | 'rebuild';
  /** sequence of the last event of that stream folded for the shard before this batch */
  readonly position: (stream: StreamName, shard: Shard) => number;
  /** runs once the batch is committed; not when it was rolled back */
  readonly afterCommit: (run: () => void) => void;
}

/**
 * Folds one batch, in order. Throwing a transient error repeats the batch; anything else is narrowed down to the
 * event that caused it, which goes to `dead_letter`.
 */
export type Fold<DB = unknown> = (events: readonly InputEvent[], context: FoldContext<DB>) => Promise<void>;

/** What a projection runs with. */
export interface ProjectionHostOptions<DB> {
  readonly projection: Projection;
  readonly db: Kysely<DB>;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
