import type { EventTable } from '@tocsin/event-log';

const DAY_MS = 86_400_000;

/** Every accepted change, kept for ever: the second copy of CONFIG. */
export const CONFIG_EVENTS: EventTable = { schema: 'config', name: 'event', stream: 'CONFIG', chained: true };

/** Accepted heartbeats and reported runs, as long as RESULTS itself keeps them. */
export const RESULT_OUTBOX: EventTable = {
  schema: 'config',
  name: 'result_outbox',
  stream: 'RESULTS',
  chained: false,
  keepMs: 7 * DAY_MS,
};

/** Changes of configuration are few and their order across entities matters to who reads the log. */
export const CONFIG_CHAIN = 'config';

export const SOURCE = 'tocsin/api';
