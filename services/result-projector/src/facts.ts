import type { InputEvent } from '@tocsin/event-log';
import type { Instant, Shard } from '@tocsin/kernel';
import { type Day, dayOf, hourOf } from './day.js';
import { type RunFacts, runFactsOf } from './runs.js';
import { storableError, storableJson } from './storable.js';

type EventOf<T extends InputEvent['type']> = Extract<InputEvent, { type: T }>;

const resultRow = ({ id, data }: EventOf<'CheckCompleted'>) => ({
  monitor_id: data.monitorId,
  project: data.project,
  slot: data.slot,
  location: data.location,
  outcome: data.outcome,
  latency_ms: data.latencyMs,
  error: storableError(data.error),
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
  readonly runs: RunFacts;
  readonly missed: readonly MissedRow[];
  readonly days: readonly Day[];
  readonly dirtyHours: readonly DirtyHour[];
}

/** What is recorded of a batch, whatever it means for a status. */
export function factsOf(events: readonly InputEvent[]): Facts {
  const results: ResultRow[] = [];
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
    } else if (event.type === 'CheckMissed') missed.push(missedRow(event));
  }
  return { results, runs: runFactsOf(events), missed, days: [...days], dirtyHours: [...dirty.values()] };
}
