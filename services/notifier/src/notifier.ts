import { filters } from '@tocsin/contracts';
import type { EventTable, Projection } from '@tocsin/event-log';

export const SERVICE = 'notifier';
export const SCHEMA = 'notifier';

export const PROJECTION: Projection = {
  name: SERVICE,
  schema: SCHEMA,
  inputs: [
    { stream: 'CONFIG', subjects: () => [filters.allConfig], order: 0 },
    // Alert subjects carry no shard: every process reads all of them and folds its own.
    { stream: 'ALERTS', subjects: () => [filters.allAlerts], order: 1 },
  ],
  // People wait for this one; batches grow by themselves while the one before is written.
  lingerMs: 0,
};

/** What became of telling people: kept for ever, chained by the provider's shard. */
export const DELIVERIES: EventTable = { schema: SCHEMA, name: 'event', stream: 'DELIVERIES', chained: true };
