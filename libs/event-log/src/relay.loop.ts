import type { Logger, Metrics } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { EventLog } from './event-log.js';
import type { EventTable } from './event-table.js';

export interface RelayOptions<DB> {
  readonly db: Kysely<DB>;
  readonly log: EventLog;
  /** of one schema */
  readonly tables: readonly EventTable[];
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Publishes what the tables have and their streams have not, in order for each entity, until the signal. One replica
 * does it at a time; a commit that appended wakes it. On start it compares the streams with the tables and repeats
 * what a stream has lost.
 */
export async function runRelay<DB>(_options: RelayOptions<DB>, _signal: AbortSignal): Promise<void> {
  throw new Error('not written yet');
}
