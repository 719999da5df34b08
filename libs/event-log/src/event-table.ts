import type { EventType, StreamName } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';

/** A table of events that a service publishes: the outbox, written in the transaction that decided them. */
export interface EventTable {
  readonly schema: string;
  readonly name: string;
  readonly stream: StreamName;
  /** chained: append-only, kept for ever, each row bound to the one before by a hash */
  readonly chained: boolean;
  /** plain tables: published rows are dropped after this long, milliseconds */
  readonly keepMs?: number;
}

export interface EventRow {
  readonly chain: string;
  readonly position: number;
  readonly id: string;
  readonly type: EventType;
  readonly source: string;
  readonly subject: string;
  readonly entity_id: string;
  readonly time: Instant;
  readonly traceparent: string | null;
  readonly data: string;
  readonly prev_hash: string | null;
  readonly hash: string | null;
  readonly stream_seq: number | null;
}
