import { catchUp, type MissedSlots, type Schedule } from './slots.js';

/** A slot to run now, and why now. */
export interface Occurrence {
  readonly slotMs: number;
  readonly trigger: 'schedule' | 'catch_up' | 'first';
}

export interface PlanInput {
  readonly schedule: Schedule;
  /** slots up to here have been dealt with */
  readonly dealtUntilMs: number;
  /** the slot of the first check since the monitor was enabled, while nobody has run it; it is not on the grid */
  readonly firstMs?: number | undefined;
  readonly nowMs: number;
}

/** What to do about the slots since the last look: run these, record those, and go on from there. */
export interface SlotPlan {
  readonly due: readonly Occurrence[];
  readonly missed?: MissedSlots;
  readonly dealtUntilMs: number;
}

/** A slot that is run later than this says so. */
const LATE_MS = 5_000;

/**
 * The first check runs whenever it is learnt of, and a slot of the grid beside it when one has come up. Where more than
 * an interval has passed since, somebody was down: the latest slot runs and stands for the first check as well.
 */
export function planSlots({ schedule, dealtUntilMs, firstMs, nowMs }: PlanInput): SlotPlan {
  const { dueMs, missed } = catchUp(schedule, dealtUntilMs, nowMs);
  const isSuperseded =
    firstMs !== undefined && dueMs !== undefined && nowMs - firstMs > schedule.intervalSeconds * 1000;
  const skipped = isSuperseded ? withFirst(firstMs, missed) : missed;
  const isLate = dueMs !== undefined && nowMs - dueMs > LATE_MS;
  const due: Occurrence[] = [];
  if (firstMs !== undefined && !isSuperseded) due.push({ slotMs: firstMs, trigger: 'first' });
  if (dueMs !== undefined && dueMs !== firstMs)
    due.push({ slotMs: dueMs, trigger: skipped !== undefined || isLate ? 'catch_up' : 'schedule' });
  return {
    due,
    ...(skipped && { missed: skipped }),
    dealtUntilMs: Math.max(dealtUntilMs, dueMs ?? dealtUntilMs),
  };
}

function withFirst(firstMs: number, missed: MissedSlots | undefined): MissedSlots {
  if (missed === undefined) return { firstSlotMs: firstMs, lastSlotMs: firstMs, count: 1 };
  return { firstSlotMs: firstMs, lastSlotMs: missed.lastSlotMs, count: missed.count + 1 };
}
