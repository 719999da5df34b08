import { filters } from '@tocsin/contracts';
import type { EventTable, Projection } from '@tocsin/event-log';

export const SERVICE = 'alert-evaluator';
export const SCHEMA = 'evaluator';

/** Every alert event, for ever: what people were told, and the second copy of ALERTS. One chain per shard. */
export const ALERT_EVENTS: EventTable = { schema: SCHEMA, name: 'event', stream: 'ALERTS', chained: true };

/** Configuration first: after a restart no result is judged by a policy that had been replaced. */
export const PROJECTION: Projection = {
  name: SERVICE,
  schema: SCHEMA,
  inputs: [
    { stream: 'CONFIG', subjects: () => [filters.allConfig], order: 0 },
    { stream: 'RESULTS', subjects: () => [filters.allResults], order: 1 },
  ],
  maxBatch: 1000,
  // People wait for this one; but a batch for each result would cost more than it gains.
  lingerMs: 2,
};
