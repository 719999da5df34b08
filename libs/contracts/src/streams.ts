export const STREAM_NAMES = ['CONFIG', 'CHECKS', 'RESULTS', 'STATUS', 'ALERTS', 'DELIVERIES'] as const;
/** The streams of events. */
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
  stream('CHECKS', ['check.due.>', 'run.due.>'], {
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

/** The durable consumers that the executors of one location share: of checks, and of runs. */
export const executorConsumer = (location: string): string => `executor-${location}`;
export const runnerConsumer = (location: string): string => `runner-${location}`;

/** What a run says while it runs. No events: nothing is folded from it, and a restart of the server may take it. */
export const OUTPUT_STREAM = {
  name: 'OUTPUT',
  subjects: ['output.>'],
  maxBytes: 64 * 1024 ** 2,
  maxAgeMs: DAY_MS,
  /** chunks of one run; the console artifact has all of them */
  maxPerSubject: 5_000,
} as const;

/** Object store for what runs leave behind: reports, traces, screenshots, videos. */
export const ARTIFACT_BUCKET = { name: 'ARTIFACTS', maxBytes: 5 * GIB, days: 30 } as const;

/** What one project's subscribers read: a copy of its alerts and statuses, made when it has its first subscriber. */
export const projectStream = (project: string): string => `EVENTS_${project}`;
/** The oldest are dropped: the copy reaches back some million events, and never keeps the log from taking new ones. */
export const PROJECT_STREAM_BYTES = GIB;

/** How far each subscriber is: its last word, no history. */
export const POSITIONS_STREAM = {
  name: 'POSITIONS',
  maxBytes: 8 * 1024 ** 2,
  maxMessageBytes: 1024,
} as const;
