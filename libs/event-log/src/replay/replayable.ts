import type { StreamName } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';
import type { Kysely, Transaction } from 'kysely';
import type { Fold, Projection } from '../projection.js';

/** A table of a service as a replay sees it. */
export interface ReplayTable {
  readonly name: string;
  /** columns that tell its rows apart */
  readonly key: readonly string[];
  /** `folded`: made of the log alone, compared and swapped. `working`: what the fold needs beside them */
  readonly role: 'folded' | 'working';
  /** columns that are no fold: notes of others about the row */
  readonly ignored?: readonly string[];
  /** asked of the live tables: a condition in SQL on the rows `t` that are compared; all of them when absent */
  readonly compared?: (live: Transaction<unknown>) => Promise<string>;
  /** once RESULTS has forgotten its beginning, a replay tells these rows as far as it remembers and not as they were */
  readonly needsWholeLog?: boolean;
  /** nothing is looked up in it while it fills: its keys and indexes are made afterwards */
  readonly indexLate?: boolean;
}

/** What one pass of folding is about. */
export interface Round {
  readonly live: string;
  readonly shadow: string;
  /** the shadow has just been made: what no log tells is to be copied or listed */
  readonly isFirst: boolean;
  /** how far the live projection is: a fold must get exactly there */
  readonly bounds: readonly Bound[];
  /** the live tables are held, and people wait: what is not needed for the same rows is left for later */
  readonly isHeld: boolean;
  /** of a state of the past */
  readonly past?: Past;
  /** from when on RESULTS holds everything; undefined when it has forgotten nothing */
  readonly horizon: Instant | undefined;
  /** the first sequence that RESULTS still holds */
  readonly firstResult: number;
}

/** What the streams were by then. */
export interface Past {
  /** the last sequence that was stored */
  readonly endOf: (stream: StreamName) => Promise<number>;
  /** ids of the events that were stored and still are */
  readonly idsOf: (stream: StreamName) => Promise<readonly string[]>;
}

export interface Bound {
  readonly projection: string;
  readonly stream: StreamName;
  readonly shard: string;
  readonly seq: number;
}

export interface ReplayProjection {
  readonly projection: Projection;
  /** a new one for each pass: nothing is remembered between two */
  readonly createFold: () => Fold;
  /** inputs of which a replay needs the position and no event */
  readonly skips?: readonly StreamName[];
}

/** What a service adds to a replay: everything else is the same for all. */
export interface Replayable {
  readonly service: string;
  readonly schema: string;
  readonly projections: readonly ReplayProjection[];
  /** in the order in which a fold takes them, so that two never wait for each other */
  readonly tables: readonly ReplayTable[];
  /** what a fold looks at before all of these: held in a swap, and not swapped */
  readonly gates?: readonly string[];
  /**
   * Before the fold of a pass, in a transaction that sees the live tables exactly at the bounds. Reads folded tables of the
   * live schema in the first pass only: later they may be locked.
   */
  readonly prepare?: (tx: Transaction<unknown>, round: Round) => Promise<void>;
  /** After the fold of a pass. `db` finds the tables of the shadow first. */
  readonly settle?: (db: Kysely<unknown>, round: Round) => Promise<void>;
  /** Before the tables change places, which are locked: what of the live ones goes along. */
  readonly beforeSwap?: (tx: Transaction<unknown>, schemas: SwapSchemas) => Promise<void>;
  /** After they changed places, in the same transaction: tells those who remember what was there. */
  readonly afterSwap?: (tx: Transaction<unknown>, schemas: SwapSchemas) => Promise<void>;
}

export interface SwapSchemas {
  readonly live: string;
  readonly shadow: string;
  /** where what was live goes */
  readonly before: string;
}

/** A replay that cannot be done or was asked for wrongly, with the exit code that says which. */
export class ReplayError extends Error {
  constructor(
    readonly exitCode: 2 | 3,
    message: string,
  ) {
    super(message);
  }
}

export const wrongUse = (message: string): ReplayError => new ReplayError(2, message);
export const couldNot = (message: string): ReplayError => new ReplayError(3, message);
