import { toInstant, toMs } from '@tocsin/kernel';
import { nextSlotMs } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { evolveSchedule } from './evolve-schedule.js';
import type { MonitorSchedule } from './schedule.js';
import { configured, logged, T0 } from './testing.js';
import { createTimetable } from './timetable.js';

const start = toMs(T0);
const schedule = (part: Parameters<typeof configured>[0] = {}): MonitorSchedule => {
  const known = evolveSchedule(undefined, logged(configured(part)));
  if (known === undefined) throw new Error('not configured');
  return known;
};
const never = { markMs: start };
const slotsOf = (taken: ReturnType<ReturnType<typeof createTimetable>['takeChecks']>) =>
  taken.flatMap(({ plan }) => plan.due.map(({ slotMs, trigger }) => [trigger, slotMs - start]));

describe('who is due', () => {
  const first = nextSlotMs({ id: schedule().monitorId, intervalSeconds: 60 }, start);

  it('is a new monitor at once, then by its grid', () => {
    const timetable = createTimetable();
    timetable.put(schedule(), start + 40, never);
    expect(slotsOf(timetable.takeChecks(start + 40, 10))).toEqual([['first', 0]]);
    expect(timetable.nextCheckMs).toBe(first);
    expect(slotsOf(timetable.takeChecks(first, 10))).toEqual([['schedule', first - start]]);
  });

  it('is nobody whose first check was published before, until the grid says so', () => {
    const timetable = createTimetable();
    timetable.put(schedule(), start + 40, { markMs: start + 10, firstDoneAt: T0 });
    expect(timetable.takeChecks(start + 40, 10)).toEqual([]);
    expect(timetable.nextCheckMs).toBe(first);
  });

  it('K18 is judged by the edit from the moment it is known, and what is past is not judged again', () => {
    const timetable = createTimetable();
    timetable.put(schedule(), start, never);
    timetable.takeChecks(start, 10);
    const edited = schedule({ revision: 2, intervalSeconds: 1, target: 'http://127.0.0.2/' });
    const editedAt = first - 10_000;
    timetable.put(edited, editedAt, never);
    const [taken] = timetable.takeChecks(editedAt + 1_000, 10);
    expect(taken?.schedule.target).toBe('http://127.0.0.2/');
    expect(taken?.plan.missed).toBeUndefined();
    expect(taken?.plan.due).toHaveLength(1);
  });

  it('is nobody who is paused or deleted, from that moment on', () => {
    for (const gone of [{ enabled: false }, { deleted: true }]) {
      const timetable = createTimetable();
      timetable.put(schedule(), start, never);
      timetable.put({ ...schedule(), ...gone }, start, never);
      expect(timetable.takeChecks(start + 600_000, 10)).toEqual([]);
      expect(timetable.size).toBe(0);
    }
  });

  it('is a resumed monitor at once again', () => {
    const timetable = createTimetable();
    timetable.put(schedule(), start, never);
    timetable.takeChecks(start, 10);
    const resumed = schedule({ revision: 3, enabledAt: toInstant(start + 5_000) });
    timetable.put(resumed, start + 5_010, never);
    expect(slotsOf(timetable.takeChecks(start + 5_010, 10))).toEqual([['first', 5_000]]);
  });

  it('leaves undone what there is no room for, and says up to where all is taken', () => {
    const timetable = createTimetable();
    const ids = ['1', '2', '3'].map((n) => `019a3c5e-0000-7000-8000-00000000000${n}`);
    for (const monitorId of ids)
      timetable.put(schedule({ monitorId }), start, { markMs: start, firstDoneAt: T0 });
    const now = start + 60_000;
    expect(timetable.takeChecks(now, 2)).toHaveLength(2);
    expect(timetable.takenUntilMs(now)).toBe((timetable.nextCheckMs ?? 0) - 1);
    expect(timetable.takeChecks(now, 2)).toHaveLength(1);
    expect(timetable.takenUntilMs(now)).toBe(now);
  });
});
