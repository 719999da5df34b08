import { toInstant } from '@tocsin/kernel';
import {
  type CronSchedule,
  cronProblem,
  isTimeZone,
  LONGEST_GRACE_SECONDS,
  LONGEST_HEARTBEAT_SECONDS,
  nextCronSlot,
  nextCronSlots,
  previousCronSlot,
} from '@tocsin/monitoring';

export interface Period {
  readonly intervalSeconds: number;
  readonly graceSeconds: number;
}

/** Interval and grace for a heartbeat; undefined when they are longer than Tocsin waits, which is 38 days in all. */
export function periodOf(everySeconds: number, graceSeconds: number): Period | undefined {
  const every = Math.max(1, Math.ceil(everySeconds));
  const intervalSeconds = Math.min(every, LONGEST_HEARTBEAT_SECONDS);
  const grace = Math.ceil(graceSeconds) + every - intervalSeconds;
  return grace > LONGEST_GRACE_SECONDS ? undefined : { intervalSeconds, graceSeconds: grace };
}

// Any year will do as long as it is always the same. Of it, days after New Year, and those in which clocks are put back
const STARTS = ['2026-01-01', '2026-03-28', '2026-10-20'].map((day) => `${day}T00:00:00.000Z`);
const SLOTS = 60;
const HOUR_MS = 3_600_000;
const PROBED_HOURS = 8 * 24;

/** @returns the longest time from one slot of a cron expression to the next, in seconds; undefined when it is none */
export function longestGap(cron: string, timeZone: string): number | undefined {
  if (cronProblem(cron) !== undefined || !isTimeZone(timeZone)) return undefined;
  // Not every month: longer than anything that is of use here
  if (cron.trim().split(/\s+/).at(-2) !== '*') return Number.POSITIVE_INFINITY;
  const schedule = { cron, timeZone };
  const series = STARTS.map((start) => nextCronSlots(schedule, start, SLOTS).map((slot) => Date.parse(slot)));
  const gaps = series.flatMap((slots) => slots.slice(1).map((slot, index) => slot - (slots[index] ?? slot)));
  const [first = 0, last = 0] = [series[0]?.[0], series[0]?.at(-1)];
  // So often that sixty slots tell nothing of nights and weekends
  if (last - first < PROBED_HOURS * HOUR_MS) gaps.push(...probedGaps(schedule, first));
  return gaps.length === 0 ? undefined : Math.max(...gaps) / 1_000;
}

function probedGaps(schedule: CronSchedule, fromMs: number): number[] {
  const gaps: number[] = [];
  for (let atMs = fromMs + 1; atMs < fromMs + PROBED_HOURS * HOUR_MS; ) {
    const next = nextCronSlot(schedule, toInstant(atMs));
    const previous = previousCronSlot(schedule, toInstant(atMs));
    if (next === undefined || previous === undefined) break;
    const nextMs = Date.parse(next);
    gaps.push(nextMs - Date.parse(previous));
    atMs = Math.max(nextMs + 1, atMs + HOUR_MS);
  }
  return gaps;
}
