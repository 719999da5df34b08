import type { InputEvent } from '@tocsin/event-log';
import { storableError, storableJson, storableText } from './storable.js';

type EventOf<T extends InputEvent['type']> = Extract<InputEvent, { type: T }>;

const queuedRow = ({ id, data }: EventOf<'RunQueued'>) => ({
  run_id: data.runId,
  job_id: data.jobId,
  project: data.project,
  slot: data.slot,
  trigger: data.trigger,
  event_id: id,
  queued_at: data.queuedAt,
  location: data.location,
  test_count: data.testCount,
});
export type QueuedRow = ReturnType<typeof queuedRow>;

const startedRow = ({ id, data }: EventOf<'RunStarted'>) => ({
  run_id: data.runId,
  job_id: data.jobId,
  project: data.project,
  slot: data.slot,
  event_id: id,
  started_at: data.startedAt,
  location: data.location,
  deadline_at: data.deadlineAt,
  trigger: data.trigger,
});
export type StartedRow = ReturnType<typeof startedRow>;

const finishedRow = ({ id, data }: EventOf<'RunCompleted'>) => ({
  run_id: data.runId,
  job_id: data.jobId,
  project: data.project,
  slot: data.slot,
  status: data.status,
  started_at: data.startedAt,
  finished_at: data.finishedAt,
  duration_ms: data.durationMs,
  error: storableError(data.error),
  external_id: data.externalId === undefined ? null : storableText(data.externalId),
  trigger: data.trigger,
  event_id: id,
  location: data.location ?? null,
  test_count: data.tests.length === 0 ? null : data.tests.length,
  tests: storableJson(data.tests),
  artifacts: storableJson(data.artifacts),
});
export type FinishedRow = ReturnType<typeof finishedRow>;

const missedRunRow = ({ id, time, data }: EventOf<'RunMissed'>) => ({
  event_id: id,
  job_id: data.jobId,
  project: data.project,
  from_slot: data.firstSlot,
  to_slot: data.lastSlot,
  count: data.count,
  reason: data.reason,
  // The event's own time: a rebuild writes the same row.
  recorded_at: time,
});
export type MissedRunRow = ReturnType<typeof missedRunRow>;

export interface RunFacts {
  readonly queued: readonly QueuedRow[];
  readonly started: readonly StartedRow[];
  readonly finished: readonly FinishedRow[];
  readonly missed: readonly MissedRunRow[];
}

/** What a batch says of runs; of what is said twice the first counts. */
export function runFactsOf(events: readonly InputEvent[]): RunFacts {
  const queued = new Map<string, QueuedRow>();
  const started = new Map<string, StartedRow>();
  const finished = new Map<string, FinishedRow>();
  const missed: MissedRunRow[] = [];
  const first = <Row>(rows: Map<string, Row>, runId: string, row: Row) => {
    if (!rows.has(runId)) rows.set(runId, row);
  };
  for (const event of events) {
    if (event.type === 'RunQueued') first(queued, event.data.runId, queuedRow(event));
    else if (event.type === 'RunStarted') first(started, event.data.runId, startedRow(event));
    else if (event.type === 'RunCompleted') first(finished, event.data.runId, finishedRow(event));
    else if (event.type === 'RunMissed') missed.push(missedRunRow(event));
  }
  return {
    queued: [...queued.values()],
    started: [...started.values()],
    finished: [...finished.values()],
    missed,
  };
}
