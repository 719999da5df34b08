import { describe, expect, it } from 'vitest';
import { longestGap, periodOf } from './period.js';

const DAY = 86_400;

describe('the longest time between two slots', () => {
  it.each([
    ['* * * * *', 'UTC', 60],
    ['0 * * * *', 'UTC', 3_600],
    ['15 5 * * *', 'UTC', 86_400],
    ['15 5 * * *', 'Europe/Riga', 90_000],
    ['15 5 * * *', 'Australia/Sydney', 90_000],
    ['*/10 8-18 * * *', 'UTC', 13 * 3_600 + 600],
    ['*/10 8-18 * * 1-5', 'UTC', 61 * 3_600 + 600],
    ['0 3 * * 1', 'UTC', 7 * DAY],
    ['0 3 1 * *', 'UTC', 31 * DAY],
    ['0 3 1 * *', 'Europe/Riga', 31 * DAY + 3_600],
    ['0 3 * 6 *', 'UTC', Number.POSITIVE_INFINITY],
    ['Mon..Fri 22:30', 'UTC', undefined],
    ['0 * * * *', 'Mars/Olympus', undefined],
  ])('of %s in %s is %s seconds', (cron, zone, seconds) => {
    expect(longestGap(cron, zone)).toBe(seconds);
  });
});

describe('a heartbeat', () => {
  it.each([
    [3_600, 600, { intervalSeconds: 3_600, graceSeconds: 600 }],
    [90_000, 1_200, { intervalSeconds: 90_000, graceSeconds: 1_200 }],
    [604_800, 3_600, { intervalSeconds: 604_800, graceSeconds: 3_600 }],
    [31 * DAY, 7 * DAY, { intervalSeconds: 31 * DAY, graceSeconds: 7 * DAY }],
    [32 * DAY, 3_600, { intervalSeconds: 31 * DAY, graceSeconds: DAY + 3_600 }],
    [31 * DAY + 1, 7 * DAY, undefined],
    [90 * DAY, 3_600, undefined],
    [3_600, 8 * DAY, undefined],
  ])('every %s seconds with a grace of %s is %j', (every, grace, period) => {
    expect(periodOf(every, grace)).toEqual(period);
  });
});
