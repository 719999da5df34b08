import type { EventTable } from '@tocsin/event-log';

const DAY_MS = 86_400_000;

/** Finished runs and what was said of them are kept this long, as the log does. */
export const KEPT_MS = 7 * DAY_MS;

/** RunQueued, RunCompleted, RunMissed: what happened in the queue. */
export const RUN_EVENTS: EventTable = {
  schema: 'scheduler',
  name: 'run_event',
  stream: 'RESULTS',
  chained: false,
  keepMs: KEPT_MS,
};

/** RunDue: work for executors. */
export const DUE_EVENTS: EventTable = {
  schema: 'scheduler',
  name: 'due_event',
  stream: 'CHECKS',
  chained: false,
  keepMs: DAY_MS,
};
