export const STREAM_NAMES = ['CONFIG', 'CHECKS', 'RESULTS', 'STATUS', 'ALERTS', 'DELIVERIES'] as const;
export type StreamName = (typeof STREAM_NAMES)[number];

export interface StreamDefinition {
  readonly name: StreamName;
  readonly subjects: readonly string[];
  readonly retention: 'limits' | 'workqueue';
  /** what happens when `maxBytes` is reached: refuse the new (back-pressure) or drop the oldest */
  readonly discard: 'new' | 'old';
  readonly maxBytes: number;
  /** milliseconds; 0 for ever */
  readonly maxAgeMs: number;
  /** messages kept per subject; 0 all */
  readonly maxPerSubject: number;
  /** the stream is an audit log: no delete, no purge */
  readonly immutable: boolean;
}

const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;

/** The six streams as data: design section 2. */
export const STREAMS: readonly StreamDefinition[] = [
  stream('CONFIG', ['config.>'], { discard: 'new', maxBytes: 2 * GIB, immutable: true }),
  stream('CHECKS', ['check.due.>'], {
    retention: 'workqueue',
    discard: 'old',
    maxBytes: GIB,
    // After an executor's outage each monitor is checked once, now, and not once per missed slot.
    maxPerSubject: 1,
  }),
  stream('RESULTS', ['result.>'], { discard: 'old', maxBytes: 20 * GIB, maxAgeMs: 7 * DAY_MS }),
  stream('STATUS', ['status.>'], { discard: 'old', maxBytes: 2 * GIB, maxAgeMs: 90 * DAY_MS }),
  stream('ALERTS', ['alert.>'], { discard: 'new', maxBytes: 4 * GIB, immutable: true }),
  stream('DELIVERIES', ['delivery.>'], { discard: 'new', maxBytes: 4 * GIB, immutable: true }),
];

function stream(
  name: StreamName,
  subjects: readonly string[],
  rest: Partial<StreamDefinition> & Pick<StreamDefinition, 'discard' | 'maxBytes'>,
): StreamDefinition {
  return { name, subjects, retention: 'limits', maxAgeMs: 0, maxPerSubject: 0, immutable: false, ...rest };
}

/** The durable consumer that the executors of one location share. */
export const executorConsumer = (location: string): string => `executor-${location}`;
