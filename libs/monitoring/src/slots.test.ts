import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catchUp, nextSlotMs, phaseMs, type Schedule, slots } from './slots.js';

const T0 = Date.UTC(2026, 0, 1);
const v7 = (n: number) => `019a3c5e-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const anyInterval = fc.integer({ min: 1, max: 86_400 });
const anySchedule: fc.Arbitrary<Schedule> = fc.record({ id: fc.uuid(), intervalSeconds: anyInterval });
const anyInstant = fc.integer({ min: T0, max: T0 + 10 * 86_400_000 });

/** What a scheduler deals with when it looks at these moments, keeping only its high-water mark in between. */
function dealtWith(schedule: Schedule, fromMs: number, looks: readonly number[]): number[] {
  const dealt: number[] = [];
  let mark = fromMs;
  for (const now of looks) {
    const { dueMs, missed } = catchUp(schedule, mark, now);
    if (missed) {
      const skipped = slots(schedule, missed.firstSlotMs - 1, missed.lastSlotMs);
      if (skipped.length !== missed.count)
        throw new Error(`${missed.count} said missed, ${skipped.length} are`);
      dealt.push(...skipped);
    }
    if (dueMs !== undefined) dealt.push(dueMs);
    mark = Math.max(mark, now);
  }
  return dealt;
}

describe('when a monitor is due', () => {
  it('runs once per interval, at the phase of its id', () => {
    const schedule = { id: '019a3c5e-0000-7000-8000-000000000001', intervalSeconds: 60 };
    const phase = phaseMs(schedule.id, 60_000);
    expect(slots(schedule, T0 - 1, T0 + 120_000 - 1)).toEqual([T0 + phase, T0 + phase + 60_000]);
    expect(phaseMs(schedule.id.toUpperCase(), 60_000)).toBe(phase);
  });

  it('leaves its start out and takes its end in', () => {
    fc.assert(
      fc.property(anySchedule, anyInstant, (schedule, atMs) => {
        const slot = nextSlotMs(schedule, atMs);
        expect(slot).toBeGreaterThan(atMs);
        expect(slot - atMs).toBeLessThanOrEqual(schedule.intervalSeconds * 1000);
        expect(slots(schedule, atMs, slot)).toEqual([slot]);
        expect(slots(schedule, slot, slot)).toEqual([]);
      }),
    );
  });

  it.each([0, -1, 0.5, Number.NaN])('refuses an interval of %d ms', (intervalMs) => {
    expect(() => phaseMs('a', intervalMs)).toThrow(RangeError);
  });

  it('spreads 5,000 ids over their interval: no second has more than three times the mean', () => {
    const sequential = Array.from({ length: 5000 }, (_, n) => v7(n));
    const random = fc.sample(fc.uuid(), { numRuns: 5000, seed: 1 });
    for (const ids of [sequential, random]) {
      for (const intervalSeconds of [60, 300]) {
        const perSecond = Array.from({ length: intervalSeconds }, () => 0);
        for (const id of ids) {
          const second = Math.floor(phaseMs(id, intervalSeconds * 1000) / 1000);
          perSecond[second] = (perSecond[second] ?? 0) + 1;
        }
        expect(Math.max(...perSecond)).toBeLessThanOrEqual((3 * ids.length) / intervalSeconds);
      }
    }
  });
});

describe('after downtime', () => {
  const schedule = { id: '019a3c5e-0000-7000-8000-000000000001', intervalSeconds: 60 };
  const first = nextSlotMs(schedule, T0);

  it.each([
    ['before the next slot', first - 1, {}],
    ['at the next slot', first, { dueMs: first }],
    ['within one interval', first + 59_999, { dueMs: first }],
    [
      'after two',
      first + 60_000,
      { dueMs: first + 60_000, missed: { firstSlotMs: first, lastSlotMs: first, count: 1 } },
    ],
    [
      'after an hour',
      first + 3_600_000,
      { dueMs: first + 3_600_000, missed: { firstSlotMs: first, lastSlotMs: first + 3_540_000, count: 60 } },
    ],
    ['when the clock went back', T0 - 7_200_000, {}],
  ])('%s it runs the latest slot and records the others', (_, now, expected) => {
    expect(catchUp(schedule, T0, now)).toEqual(expected);
  });

  it('misses nothing within one interval', () => {
    fc.assert(
      fc.property(anySchedule, anyInstant, fc.double({ min: 0, max: 1, noNaN: true }), (any, from, part) => {
        const now = from + Math.floor(any.intervalSeconds * 1000 * part);
        expect(catchUp(any, from, now).missed).toBeUndefined();
      }),
    );
  });

  it('loses no slot and takes none twice, wherever it restarts and however often the interval is edited', () => {
    const anyPeriod = fc.record({
      intervalSeconds: fc.integer({ min: 1, max: 600 }),
      gapsMs: fc.array(fc.integer({ min: 0, max: 900_000 }), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.uuid(), fc.array(anyPeriod, { minLength: 1, maxLength: 5 }), (id, periods) => {
        const dealt: number[] = [];
        const expected: number[] = [];
        let mark = T0;
        for (const { intervalSeconds, gapsMs } of periods) {
          const looks: number[] = [];
          for (const gap of gapsMs) looks.push((looks.at(-1) ?? mark) + gap);
          dealt.push(...dealtWith({ id, intervalSeconds }, mark, looks));
          const phase = phaseMs(id, intervalSeconds * 1000);
          for (let ms = Math.floor(mark / 1000) * 1000 - 1000; ms <= looks.at(-1)! + 1000; ms += 1000) {
            const aligned = ms + (phase % 1000);
            const isSlot = (aligned - phase) % (intervalSeconds * 1000) === 0;
            if (isSlot && aligned > mark && aligned <= looks.at(-1)!) expected.push(aligned);
          }
          mark = looks.at(-1)!;
        }
        expect(dealt).toEqual(expected);
        expect(new Set(dealt).size).toBe(dealt.length);
      }),
      { numRuns: 50 },
    );
  });

  it('runs each slot at most once, in order, whatever the clock does', () => {
    const anyJumps = fc.array(fc.integer({ min: -7_200_000, max: 7_200_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(anySchedule, anyJumps, (any, jumps) => {
        let now = T0;
        const looks = jumps.map((jump) => {
          now += jump;
          return now;
        });
        const ran = dealtWith(any, T0, looks);
        expect(ran).toEqual(slots(any, T0, Math.max(T0, ...looks)));
      }),
    );
  });

  it('answers for 2038 and beyond without counting its way there', () => {
    const { dueMs, missed } = catchUp(schedule, T0, Date.UTC(2238, 0, 19));
    expect(dueMs).toBeGreaterThan(Date.UTC(2238, 0, 18));
    expect(missed!.count).toBe((missed!.lastSlotMs - missed!.firstSlotMs) / 60_000 + 1);
  });
});
