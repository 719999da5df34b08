import { cronProblem, isTimeZone, nextCronSlots } from '@tocsin/monitoring';
import { SECONDS_A_DAY } from '../mapping.js';

export interface Period {
  readonly intervalSeconds: number;
  readonly graceSeconds: number;
}

/** Interval and grace for a heartbeat; undefined when they are longer than Tocsin waits, which is two days in all. */
export function periodOf(everySeconds: number, graceSeconds: number): Period | undefined {
  const intervalSeconds = Math.min(Math.max(1, Math.ceil(everySeconds)), SECONDS_A_DAY);
  const grace = Math.ceil(graceSeconds) + Math.max(0, Math.ceil(everySeconds) - SECONDS_A_DAY);
  return grace > SECONDS_A_DAY ? undefined : { intervalSeconds, graceSeconds: grace };
}

// Any year will do as long as it is always the same: it has weekends, long months and both changes of the clocks
const FROM = '2026-01-01T00:00:00.000Z';
const SLOTS = 3_000;

/** @returns the longest time from one slot of a cron expression to the next, in seconds; undefined when it is none */
export function longestGap(cron: string, timeZone: string): number | undefined {
  if (cronProblem(cron) !== undefined || !isTimeZone(timeZone)) return undefined;
  const slots = nextCronSlots({ cron, timeZone }, FROM, SLOTS).map((slot) => Date.parse(slot));
  const gaps = slots.slice(1).map((slot, index) => (slot - (slots[index] ?? slot)) / 1_000);
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}
