import type { StreamName } from '@tocsin/contracts';
import type { EventTable } from '@tocsin/event-log';

/** A stream that is kept for ever, with the table that is its second copy. */
export interface ChainedTable extends EventTable {
  readonly stream: ChainedStream;
}

export const CHAINED_STREAMS = ['CONFIG', 'ALERTS', 'DELIVERIES'] as const satisfies readonly StreamName[];
export type ChainedStream = (typeof CHAINED_STREAMS)[number];
/** What differences are told of. */
export type AuditedStream = ChainedStream | 'RESULTS' | 'AUDIT';

const SCHEMAS: Record<ChainedStream, string> = {
  CONFIG: 'config',
  ALERTS: 'evaluator',
  DELIVERIES: 'notifier',
};

export const tableOf = (stream: ChainedStream): ChainedTable => ({
  schema: SCHEMAS[stream],
  name: 'event',
  stream,
  chained: true,
});

/** Who decides the alert log: whose checkpoints say how far it is decided. */
export const EVALUATOR = { schema: 'evaluator', projection: 'alert-evaluator' } as const;
