import { type Instant, msBetween, toInstant, toMs } from '@tocsin/kernel';
import type { Evidence } from './alert.js';
import type { Observation, ObservedResult } from './observation.js';

const HOUR_MS = 3_600_000;

/** An hour of which single results are no longer kept: what is left is how many there were of each kind. */
export interface UnkeptHour {
  readonly location: string;
  readonly startAt: Instant;
  readonly successes: number;
  readonly failures: number;
  readonly errors: number;
  /** results unlike the one before */
  readonly changes: number;
}

/** From when to when an alert on failure was open. */
export interface FailingSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * An hour as it may have been: evenly spread, failures where the alert log has them, then where an alert was open, the
 * rest in as many streaks as there were changes. How many failures came in a row can be wrong by it.
 */
export function estimateHour(
  hour: UnkeptHour,
  evidence: readonly Evidence[],
  spans: readonly FailingSpan[],
): readonly Observation[] {
  const count = hour.successes + hour.failures + hour.errors;
  const step = HOUR_MS / Math.max(1, count);
  const slotOf = (n: number) => toInstant(Math.floor(toMs(hour.startAt) + (n + 0.5) * step));
  const results = Array.from({ length: count }, (): ObservedResult => 'success');
  const known = new Map<number, Evidence>();
  let failures = hour.failures;
  const fail = (n: number) => {
    if (failures === 0 || results[n] !== 'success') return;
    results[n] = 'failure';
    failures -= 1;
  };
  for (const one of evidence) {
    const n = Math.floor(msBetween(hour.startAt, one.slot) / step);
    if (n < 0 || n >= count || known.has(n) || failures === 0) continue;
    fail(n);
    known.set(n, one);
  }
  for (let n = 0; n < count; n += 1) {
    const slot = slotOf(n);
    if (spans.some(({ from, to }) => slot >= from && slot < to)) fail(n);
  }
  for (const n of streaks(failures, Math.max(1, Math.round(hour.changes / 2)), count)) fail(n);
  for (let n = 0; n < count; n += 1) fail(n);
  let errors = hour.errors;
  for (let n = 0; errors > 0 && n < count; n += 1)
    if (results[n] === 'success') {
      results[n] = 'error';
      errors -= 1;
    }
  return results.map((result, n) => observation(hour, result, slotOf(n), known.get(n)));
}

/** Where so many failures are when they come in so many streaks, each with as much room after it. */
function* streaks(failures: number, wanted: number, count: number): Generator<number> {
  const many = Math.min(wanted, failures);
  let left = failures;
  for (let streak = 0; streak < many; streak += 1) {
    const length = Math.ceil(left / (many - streak));
    const first = Math.floor((count * streak) / many);
    for (let n = 0; n < length; n += 1) yield Math.min(count - 1, first + n);
    left -= length;
  }
}

const OUTCOMES: Partial<Record<ObservedResult, string>> = { failure: 'down', error: 'error' };

function observation(
  { location }: UnkeptHour,
  result: ObservedResult,
  slot: Instant,
  evidence: Evidence | undefined,
): Observation {
  const plain = { eventId: '', slot, finishedAt: slot, location, latencyMs: 0 };
  return { ...plain, outcome: OUTCOMES[result] ?? 'up', ...evidence, result };
}
