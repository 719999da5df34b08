import type { InputEvent } from '@tocsin/event-log';
import type { Instant, Shard } from '@tocsin/kernel';
import { type Day, dayOf, hourOf } from './day.js';
import { storableJson, storableText } from './storable.js';

type EventOf<T extends InputEvent['type']> = Extract<InputEvent, { type: T }>;

const error = (value: { readonly code: string; readonly message: string } | undefined) =>
  value === undefined ? null : storableJson({ code: value.code, message: value.message });

const resultRow = ({ id, data }: EventOf<'CheckCompleted'>) => ({
  monitor_id: data.monitorId,
  project: data.project,
  slot: data.slot,
  location: data.location,
  outcome: data.outcome,
  latency_ms: data.latencyMs,
  error: error(data.error),
  started_at: data.startedAt,
  finished_at: data.finishedAt,
  timings: JSON.stringify(data.timings),
  attempts: data.attempts,
  observed: storableJson(data.observed),
  certificate: data.certificate === undefined ? null : storableJson(data.certificate),
  trigger: data.trigger,
  event_id: id,
});
export type ResultRow = ReturnType<typeof resultRow>;

const runRow = ({ id, data }: EventOf<'RunCompleted'>) => ({
  run_id: data.runId,
  job_id: data.jobId,
  project: data.project,
  slot: data.slot,
  status: data.status,
  started_at: data.startedAt,
  finished_at: data.finishedAt,
  duration_ms: data.durationMs,
  error: error(data.error),
  external_id: data.externalId === undefined ? null : storableText(data.externalId),
  trigger: data.trigger,
  event_id: id,
});
export type RunRow = ReturnType<typeof runRow>;

const missedRow = ({ id, time, data }: EventOf<'CheckMissed'>) => ({
  event_id: id,
  monitor_id: data.monitorId,
  project: data.project,
  from_slot: data.firstSlot,
  to_slot: data.lastSlot,
  count: data.count,
  reason: data.reason,
  // The event's own time: a rebuild writes the same row.
  recorded_at: time,
});
export type MissedRow = ReturnType<typeof missedRow>;

/** An hour of a shard whose rollups are no longer right. */
export interface DirtyHour {
  readonly hour: Instant;
  readonly shard: Shard;
}

export interface Facts {
  readonly results: readonly ResultRow[];
  readonly runs: readonly RunRow[];
  readonly missed: readonly MissedRow[];
  readonly days: readonly Day[];
  readonly dirtyHours: readonly DirtyHour[];
}

/** What is recorded of a batch, whatever it means for a status. */
export function factsOf(events: readonly InputEvent[]): Facts {
  const results: ResultRow[] = [];
  const runs: RunRow[] = [];
  const missed: MissedRow[] = [];
  const days = new Set<Day>();
  const dirty = new Map<string, DirtyHour>();
  for (const event of events) {
    if (event.type === 'CheckCompleted') {
      const { slot } = event.data;
      results.push(resultRow(event));
      days.add(dayOf(slot));
      const key = `${slot.slice(0, 13)} ${event.shard}`;
      if (!dirty.has(key)) dirty.set(key, { hour: hourOf(slot), shard: event.shard });
    } else if (event.type === 'RunCompleted') runs.push(runRow(event));
    else if (event.type === 'CheckMissed') missed.push(missedRow(event));
  }
  return { results, runs, missed, days: [...days], dirtyHours: [...dirty.values()] };
}
