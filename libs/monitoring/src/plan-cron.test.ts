import { addMs, type Instant } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CronSchedule, nextCronSlot } from './cron.js';
import { planCron } from './plan-cron.js';

const daily = { cron: '0 3 * * *', timeZone: 'Europe/Berlin' };
const everyMinute = { cron: '* * * * *', timeZone: 'UTC' };
const T0 = '2026-06-01T00:00:00.000Z';

describe('what of a cron is to be done', () => {
  it.each<[string, Instant, Instant, ReturnType<typeof planCron>]>([
    ['before its slot: nothing', T0, '2026-06-01T00:59:59.999Z', { nextSlot: '2026-06-01T01:00:00.000Z' }],
    [
      'at its slot: the run',
      T0,
      '2026-06-01T01:00:00.000Z',
      {
        due: { slot: '2026-06-01T01:00:00.000Z', trigger: 'schedule' },
        missed: undefined,
        nextSlot: '2026-06-02T01:00:00.000Z',
      },
    ],
    [
      'a little late: the run, punctual still',
      T0,
      '2026-06-01T01:01:00.000Z',
      {
        due: { slot: '2026-06-01T01:00:00.000Z', trigger: 'schedule' },
        missed: undefined,
        nextSlot: '2026-06-02T01:00:00.000Z',
      },
    ],
    [
      'hours late: the run, to catch up',
      T0,
      '2026-06-01T09:00:00.000Z',
      {
        due: { slot: '2026-06-01T01:00:00.000Z', trigger: 'catch_up' },
        missed: undefined,
        nextSlot: '2026-06-02T01:00:00.000Z',
      },
    ],
    [
      'days late: the latest, the others are missed',
      T0,
      '2026-06-04T09:00:00.000Z',
      {
        due: { slot: '2026-06-04T01:00:00.000Z', trigger: 'catch_up' },
        missed: { firstSlot: '2026-06-01T01:00:00.000Z', lastSlot: '2026-06-03T01:00:00.000Z', count: 3 },
        nextSlot: '2026-06-05T01:00:00.000Z',
      },
    ],
    [
      'a clock set back behind what is done: nothing, until what is not done',
      '2026-06-04T01:00:00.000Z',
      '2026-06-02T09:00:00.000Z',
      { nextSlot: '2026-06-05T01:00:00.000Z' },
    ],
  ])('%s', (_, doneUntil, now, expected) => {
    expect(planCron(daily, doneUntil, now)).toEqual(expected);
  });

  it('is nothing when it never comes', () => {
    expect(planCron({ cron: '0 0 30 2 *', timeZone: 'UTC' }, T0, '2036-01-01T00:00:00.000Z')).toEqual({
      nextSlot: undefined,
    });
  });

  it('is found soon even when every second of a year was missed: the count is at least what it says', () => {
    const startedAt = performance.now();
    const plan = planCron({ cron: '* * * * * *', timeZone: 'Europe/Berlin' }, T0, '2027-06-01T00:00:00.500Z');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(plan.due).toEqual({ slot: '2027-06-01T00:00:00.000Z', trigger: 'schedule' });
    expect(plan.missed).toMatchObject({
      firstSlot: '2026-06-01T00:00:01.000Z',
      lastSlot: '2027-05-31T23:59:59.000Z',
    });
    expect(plan.missed?.count).toBeGreaterThanOrEqual(1_000);
  });

  it('counts each of the slots of an outage of a workday', () => {
    const plan = planCron(everyMinute, T0, addMs(T0, 8 * 3_600_000));
    expect(plan.missed).toMatchObject({ count: 479 });
  });
});

const anySchedule = fc.record({
  cron: fc.constantFrom(
    '* * * * *',
    '*/7 * * * *',
    '30 2 * * *',
    '15 1,2 * * *',
    '0 * * * *',
    '*/20 * * * * *',
  ),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'),
});
const anyStart = fc.constantFrom<Instant[]>(
  '2026-03-07T20:00:00.000Z',
  '2026-03-28T20:00:00.000Z',
  '2026-10-24T20:00:00.000Z',
  '2026-10-31T20:00:00.000Z',
);
/** Mostly forward, now and then back, by seconds to hours. */
const anySteps = fc.array(fc.integer({ min: -3_600, max: 7_200 }), { minLength: 1, maxLength: 12 });

interface Look {
  readonly now: Instant;
  readonly doneUntil: Instant;
  readonly plan: ReturnType<typeof planCron>;
}

function looksAt(schedule: CronSchedule, start: Instant, steps: readonly number[]): Look[] {
  const looks: Look[] = [];
  let [doneUntil, now] = [start, start];
  for (const seconds of steps) {
    now = addMs(now, seconds * 1_000);
    const plan = planCron(schedule, doneUntil, now);
    looks.push({ now, doneUntil, plan });
    doneUntil = plan.due?.slot ?? doneUntil;
  }
  return looks;
}

function slotsBetween(schedule: CronSchedule, start: Instant, end: Instant): number {
  let count = 0;
  for (let slot = nextCronSlot(schedule, start); slot !== undefined && slot <= end; count += 1)
    slot = nextCronSlot(schedule, slot);
  return count;
}

describe('time that goes on, stops and jumps', () => {
  it('brings each slot once: as a run or as missed, none twice, none left out', () => {
    fc.assert(
      fc.property(anySchedule, anyStart, anySteps, (schedule, start, steps) => {
        const looks = looksAt(schedule, start, steps);
        const latest = looks.reduce((late, { now }) => (now > late ? now : late), start);
        const told = looks.flatMap(({ now, doneUntil, plan: { due, missed } }) => {
          const slots = [missed?.firstSlot, missed?.lastSlot, due?.slot].filter((slot) => slot !== undefined);
          expect(slots).toEqual(slots.toSorted());
          expect(slots.every((slot) => slot > doneUntil && slot <= now)).toBe(true);
          return due === undefined ? [] : [1 + (missed?.count ?? 0)];
        });
        expect(told.reduce((sum, count) => sum + count, 0)).toBe(slotsBetween(schedule, start, latest));
        const runs = looks.flatMap(({ plan }) => plan.due?.slot ?? []);
        expect(new Set(runs).size).toBe(runs.length);
      }),
      { numRuns: 30 },
    );
  });
});
