import { filters } from '@tocsin/contracts';
import type { EventTable, Projection } from '@tocsin/event-log';

export const SERVICE = 'result-projector';
export const SCHEMA = 'results';
export const SOURCE = 'tocsin/result-projector';

export const PROJECTION: Projection = {
  name: SERVICE,
  schema: SCHEMA,
  inputs: [
    { stream: 'CONFIG', subjects: () => [filters.allConfig], order: 0 },
    { stream: 'RESULTS', subjects: () => [filters.allResults], order: 1 },
  ],
  maxBatch: 1_000,
  // A status is looked at by people; alerts do not pass here.
  lingerMs: 20,
};

export const OUTBOX: EventTable = {
  schema: SCHEMA,
  name: 'outbox',
  stream: 'STATUS',
  chained: false,
  keepMs: 86_400_000,
};
