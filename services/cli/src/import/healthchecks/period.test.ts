import { describe, expect, it } from 'vitest';
import { longestGap, periodOf } from './period.js';

describe('the longest time between two slots', () => {
  it.each([
    ['* * * * *', 'UTC', 60],
    ['0 * * * *', 'UTC', 3_600],
    ['15 5 * * *', 'UTC', 86_400],
    ['15 5 * * *', 'Europe/Riga', 90_000],
    ['15 5 * * *', 'Australia/Sydney', 90_000],
    ['*/10 8-18 * * *', 'UTC', 13 * 3_600 + 600],
    ['*/10 8-18 * * 1-5', 'UTC', 61 * 3_600 + 600],
    ['0 3 * * 1', 'UTC', 7 * 86_400],
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
    [90_000, 1_200, { intervalSeconds: 86_400, graceSeconds: 4_800 }],
    [86_400, 86_400, { intervalSeconds: 86_400, graceSeconds: 86_400 }],
    [86_401, 86_400, undefined],
    [604_800, 3_600, undefined],
  ])('every %s seconds with a grace of %s is %j', (every, grace, period) => {
    expect(periodOf(every, grace)).toEqual(period);
  });
});
