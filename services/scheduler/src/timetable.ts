import { type Instant, type Shard, toMs } from '@tocsin/kernel';
import { createDueQueue, nextSlotMs, planSlots, type SlotPlan } from '@tocsin/monitoring';
import { isActive, type MonitorSchedule } from './schedule.js';

/** What has been done about a monitor before this timetable knew it. */
export interface DoneBefore {
  /** all slots of its shard up to here */
  readonly markMs: number;
  readonly firstDoneAt?: Instant | undefined;
}

/** A monitor whose time has come, with what is to be done about it. */
export interface Taken {
  readonly schedule: MonitorSchedule;
  readonly plan: SlotPlan;
  /** the first check, when this is about that, run or stood for by a later one */
  readonly firstMs?: number;
  /** the earliest slot of the grid among it; absent when there is none */
  readonly gridFromMs?: number;
}

interface Entry {
  schedule: MonitorSchedule;
  enabledMs: number;
  dealtUntilMs: number;
  firstMs: number | undefined;
  dueMs: number;
}

/** Who is due when, in memory: all monitors of the shards a process owns. */
export type Timetable = ReturnType<typeof createTimetable>;

export function createTimetable() {
  const entries = new Map<string, Entry>();
  const checks = createDueQueue();
  const deadlines = createDueQueue();

  function remove(monitorId: string): void {
    entries.delete(monitorId);
    checks.remove(monitorId);
    deadlines.remove(monitorId);
  }

  function queue(entry: Entry, nowMs: number): void {
    const { schedule, firstMs, dealtUntilMs } = entry;
    // A first check never waits, not even for a clock that is behind the one that enabled the monitor.
    entry.dueMs =
      firstMs === undefined ? nextSlotMs(scheduleOf(schedule), dealtUntilMs) : Math.min(firstMs, nowMs);
    checks.upsert(schedule.monitorId, entry.dueMs);
  }

  function newEntry(schedule: MonitorSchedule, nowMs: number, { markMs, firstDoneAt }: DoneBefore): Entry {
    const enabledMs = toMs(schedule.enabledAt);
    const isStarted = firstDoneAt === schedule.enabledAt;
    return {
      schedule,
      enabledMs,
      dealtUntilMs: Math.min(nowMs, isStarted ? Math.max(markMs, enabledMs) : enabledMs),
      firstMs: isStarted ? undefined : enabledMs,
      dueMs: 0,
    };
  }

  return {
    get size() {
      return entries.size;
    },
    get nextCheckMs() {
      return checks.nextDueMs;
    },
    get nextDeadlineMs() {
      return deadlines.nextDueMs;
    },
    has: (monitorId: string): boolean => entries.has(monitorId),

    /** Takes a schedule up, or on in its new form: what an edit finds undone is judged by the new one. */
    put(schedule: MonitorSchedule, nowMs: number, before: DoneBefore): void {
      const { monitorId, heartbeat } = schedule;
      if (!isActive(schedule)) {
        remove(monitorId);
        return;
      }
      const known = entries.get(monitorId);
      if (heartbeat !== undefined) {
        entries.set(monitorId, newEntry(schedule, nowMs, before));
        deadlines.upsert(monitorId, toMs(heartbeat.deadlineAt));
        return;
      }
      if (known === undefined || known.enabledMs !== toMs(schedule.enabledAt)) {
        const entry = newEntry(schedule, nowMs, before);
        entries.set(monitorId, entry);
        queue(entry, nowMs);
        return;
      }
      known.schedule = schedule;
      // Nothing was due until now by the schedule that was in force until now.
      if (known.dueMs > nowMs) known.dealtUntilMs = Math.max(known.dealtUntilMs, nowMs);
      queue(known, nowMs);
    },

    dropShard(shard: Shard): void {
      for (const { schedule } of entries.values()) if (schedule.shard === shard) remove(schedule.monitorId);
    },

    takeChecks(nowMs: number, limit: number): Taken[] {
      const taken: Taken[] = [];
      for (const monitorId of checks.popDue(nowMs, limit)) {
        const entry = entries.get(monitorId);
        if (entry === undefined) continue;
        const { schedule, dealtUntilMs, firstMs } = entry;
        const plan = planSlots({ schedule: scheduleOf(schedule), dealtUntilMs, firstMs, nowMs });
        const gridFromMs =
          plan.missed?.firstSlotMs ?? plan.due.find(({ trigger }) => trigger !== 'first')?.slotMs;
        taken.push({
          schedule,
          plan,
          ...(firstMs === undefined ? {} : { firstMs }),
          ...(gridFromMs === undefined ? {} : { gridFromMs }),
        });
        entry.dealtUntilMs = plan.dealtUntilMs;
        entry.firstMs = undefined;
        queue(entry, nowMs);
      }
      return taken;
    },

    /** Takes out whose heartbeat is overdue; each comes back by `put` or `judgeAt`. */
    takeDeadlines: (nowMs: number, limit: number): string[] => deadlines.popDue(nowMs, limit),

    judgeAt(monitorId: string, deadlineMs: number): void {
      if (entries.has(monitorId)) deadlines.upsert(monitorId, deadlineMs);
    },

    /** All slots up to here have been taken. */
    takenUntilMs(nowMs: number): number {
      const next = checks.nextDueMs;
      return next === undefined || next > nowMs ? nowMs : next - 1;
    },
  };
}

const scheduleOf = ({ monitorId, intervalSeconds }: MonitorSchedule) => ({ id: monitorId, intervalSeconds });
