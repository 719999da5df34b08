import { addMs, type Instant, msBetween } from '@tocsin/kernel';
import { type CronSchedule, nextCronSlot, previousCronSlot } from './cron.js';

export interface CronPlan {
  /** the slot to run now; the latest of those that passed */
  readonly due?: { readonly slot: Instant; readonly trigger: 'schedule' | 'catch_up' } | undefined;
  /** slots before it that nobody will run */
  readonly missed?:
    | { readonly firstSlot: Instant; readonly lastSlot: Instant; readonly count: number }
    | undefined;
  readonly nextSlot?: Instant | undefined;
}

/** Later than this a slot is run to catch up. */
const PUNCTUAL_MS = 60_000;
/** Missed slots are counted one by one up to here, which takes 50 ms; beyond it the count is at least this. */
const COUNTED_SLOTS = 1_000;

/** What of a job's schedule is to be done now: after downtime at most one slot, the rest is missed. */
export function planCron(schedule: CronSchedule, doneUntil: Instant, now: Instant): CronPlan {
  const first = nextCronSlot(schedule, doneUntil);
  if (first === undefined || first > now) return { nextSlot: first };
  let last = first;
  let beforeLast: Instant | undefined;
  let missed = 0;
  for (let next = nextCronSlot(schedule, last); next !== undefined && next <= now; missed++) {
    if (missed === COUNTED_SLOTS) {
      last = previousCronSlot(schedule, addMs(now, 1)) ?? next;
      beforeLast = previousCronSlot(schedule, last) ?? next;
      break;
    }
    beforeLast = last;
    last = next;
    next = nextCronSlot(schedule, next);
  }
  return {
    due: { slot: last, trigger: msBetween(last, now) <= PUNCTUAL_MS ? 'schedule' : 'catch_up' },
    missed: beforeLast === undefined ? undefined : { firstSlot: first, lastSlot: beforeLast, count: missed },
    nextSlot: nextCronSlot(schedule, now),
  };
}
