import { addMs, type Instant } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { evolveSchedule } from './evolve-schedule.js';
import { recall } from './recall.js';
import { configured, logged, T0 } from './testing.js';

const DAY_MS = 86_400_000;
const day = (n: number): Instant => addMs(T0, n * DAY_MS);
const folded = (part: Parameters<typeof configured>[0]) => {
  const schedule = evolveSchedule(undefined, logged(configured(part)));
  if (schedule === undefined) throw new Error('it was configured');
  return schedule;
};
const monthly = folded({ type: 'heartbeat', intervalSeconds: 31 * 86_400, config: { graceSeconds: 0 } });
const heard = { revision: 1, enabledAt: T0, lastReceivedAt: day(25), deadlineAt: day(56) };

describe('a heartbeat that is folded again', () => {
  it.each([
    ['is as it was known', heard, day(25), day(56)],
    [
      'has the deadline after its last miss',
      { ...heard, lastReceivedAt: undefined, deadlineAt: day(62) },
      undefined,
      day(62),
    ],
    ['has no deadline brought forward', { ...heard, deadlineAt: day(1) }, day(25), day(31)],
    ['is not told from another revision', { ...heard, revision: 2 }, undefined, day(31)],
    ['is not told from before it was resumed', { ...heard, enabledAt: day(-1) }, undefined, day(31)],
    ['that nothing was known of is as folded', undefined, undefined, day(31)],
  ])('%s', (_, known, lastReceivedAt, deadlineAt) => {
    expect(recall(monthly, known).heartbeat).toEqual({ graceSeconds: 0, lastReceivedAt, deadlineAt });
  });

  it('is the only kind of monitor that is recalled', () => {
    const site = folded({});
    expect(recall(site, heard)).toBe(site);
  });
});
