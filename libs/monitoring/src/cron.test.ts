import { addMs } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { cronProblem, isTimeZone, nextCronSlot, nextCronSlots, previousCronSlot } from './cron.js';

const minutes = (instants: readonly string[]) => instants.map((instant) => instant.slice(5, 16));

describe('a cron expression', () => {
  it.each(['*/5 * * * *', '0 3 * * 1-5', '*/10 * * * * *', '0 0 29 2 *', '  0 3 * * *  '])(
    '%j can be used',
    (cron) => {
      expect(cronProblem(cron)).toBeUndefined();
    },
  );

  it.each([
    ['* * * *', 'must have 5 fields'],
    ['0 0 0 1 1 * 2030', 'must have 5 fields'],
    ['@daily', 'must have 5 fields'],
    ['', 'must have 5 fields'],
    ['61 * * * *', 'is not a cron expression'],
    ['a b c d e', 'is not a cron expression'],
    ['0 0 30 2 *', 'never comes true'],
    ['0 0 31 4,6,9,11 *', 'never comes true'],
  ])('%j cannot: it %s', (cron, problem) => {
    expect(cronProblem(cron)).toContain(problem);
  });

  it('is read in zones that exist', () => {
    expect(['UTC', 'Europe/Berlin', 'America/New_York'].every(isTimeZone)).toBe(true);
    expect(['', 'Europe/Atlantis', 'Berlin time'].some(isTimeZone)).toBe(false);
  });
});

describe('slots where clocks are put forward', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28T12:00:00.000Z', ['03-29T01:00', '03-30T00:30']],
    ['America/New_York', '2026-03-07T12:00:00.000Z', ['03-08T07:00', '03-09T06:30']],
  ])('%s: what is due in the missing hour comes right after it', (timeZone, after, expected) => {
    expect(minutes(nextCronSlots({ cron: '30 2 * * *', timeZone }, after, 2))).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T23:59:00.000Z', ['03-29T00:00', '03-29T01:00', '03-29T02:00']],
    ['America/New_York', '2026-03-08T05:59:00.000Z', ['03-08T06:00', '03-08T07:00', '03-08T08:00']],
  ])('%s: what is due each hour comes each hour', (timeZone, after, expected) => {
    expect(minutes(nextCronSlots({ cron: '0 * * * *', timeZone }, after, 3))).toEqual(expected);
  });
});

describe('slots where clocks are put back', () => {
  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00:00.000Z', ['10-25T00:30', '10-26T01:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00:00.000Z', ['11-01T05:30', '11-02T06:30']],
  ])('%s: what is due in the hour that is twice comes once', (timeZone, cron, after, expected) => {
    expect(minutes(nextCronSlots({ cron, timeZone }, after, 2))).toEqual(expected);
  });

  it('the second of the two hours does not bring it again, whenever one asks', () => {
    const schedule = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
    expect(nextCronSlot(schedule, '2026-10-25T01:15:00.000Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it.each([
    ['Europe/Berlin', '2026-10-24T23:59:00.000Z', ['10-25T00:00', '10-25T01:00', '10-25T02:00']],
    ['America/New_York', '2026-11-01T04:59:00.000Z', ['11-01T05:00', '11-01T06:00', '11-01T07:00']],
  ])('%s: what is due each hour comes in both', (timeZone, after, expected) => {
    expect(minutes(nextCronSlots({ cron: '0 * * * *', timeZone }, after, 3))).toEqual(expected);
  });

  it('every second is every second', () => {
    const schedule = { cron: '* * * * * *', timeZone: 'Europe/Berlin' };
    for (const after of ['2026-10-25T00:59:59.000Z', '2026-03-29T00:59:59.000Z'])
      expect(nextCronSlot(schedule, after)).toBe(after.replace('00:59:59', '01:00:00'));
  });
});

describe('slots', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
  const crons = ['30 2 * * *', '0 * * * *', '*/20 1-3 * * *', '15 1,2 * * *', '0 30 1 * * 0'];
  const days = ['2026-03-08', '2026-03-29', '2026-04-04', '2026-10-03', '2026-10-25', '2026-11-01'];

  it.each(zones.flatMap((timeZone) => crons.map((cron) => ({ cron, timeZone }))))(
    'of $cron in $timeZone are the same from wherever one asks, forwards and backwards',
    (schedule) => {
      for (const day of days) {
        const slots = nextCronSlots(schedule, `${day}T00:00:00.000Z`, 30);
        const first = slots.at(0) ?? '';
        const last = slots.at(-1) ?? '';
        const asked = Array.from({ length: 27 }, (_, n) => addMs(`${day}T00:00:30.000Z`, n * 23 * 60_000));
        for (const at of asked.filter((instant) => instant < last))
          expect(nextCronSlot(schedule, at)).toBe(slots.find((slot) => slot > at));
        for (const at of asked.filter((instant) => instant > first))
          expect(previousCronSlot(schedule, at)).toBe(slots.findLast((slot) => slot < at));
      }
    },
  );
});
