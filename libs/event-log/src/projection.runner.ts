import type { Logger, Metrics } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { EventLog } from './event-log.js';
import type { Hosted } from './hosted.js';
import type { Fold, Projection } from './projection.js';

export interface ProjectionHostOptions<DB> {
  readonly projection: Projection;
  readonly db: Kysely<DB>;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Runs a projection with a function: what the Nest transport and the tests do. Ends with the signal. */
export async function runProjection<DB>(
  _options: ProjectionHostOptions<DB>,
  _fold: Fold<DB>,
  _signal: AbortSignal,
): Promise<void> {
  throw new Error('not written yet');
}

/** The projection as a host: its handler gets `(events, ProjectionContext)`. */
export function projectionHost<DB>(_options: ProjectionHostOptions<DB>): Hosted {
  throw new Error('not written yet');
}
