import { describe, expect, it } from 'vitest';
import { recentEvents } from './recent-events.js';

const event = (sequence: number) => ({
  sequence,
  project: 'default',
  type: 'StatusChanged' as const,
  frame: `${sequence}`,
});
const filled = (size: number, from: number, to: number) => {
  const recent = recentEvents(size);
  recent.startAt(from - 1, from - 1);
  for (let sequence = from; sequence <= to; sequence += 1) recent.push(sequence, event(sequence));
  return recent;
};
const after = (recent: ReturnType<typeof recentEvents>, sequence: number) =>
  recent.after(sequence).map((one) => one.sequence);

describe('recent events', () => {
  it('have no head until the stream was read to where it ended', () => {
    const recent = recentEvents(10);
    recent.startAt(3, 5);
    recent.push(4, event(4));
    expect(recent.head).toBeUndefined();
    recent.push(5, undefined);
    expect([recent.head, recent.floor, after(recent, 3)]).toEqual([5, 3, [4]]);
  });

  it('of a stream without any have its end for a head', () => {
    const recent = recentEvents(10);
    recent.startAt(0, 0);
    expect([recent.head, after(recent, 0)]).toEqual([0, []]);
  });

  it('are handed out from any place that is kept', () => {
    const recent = filled(10, 5, 9);
    expect([after(recent, 4), after(recent, 7), after(recent, 9), after(recent, 99)]).toEqual([
      [5, 6, 7, 8, 9],
      [8, 9],
      [],
      [],
    ]);
  });

  it.each([10, 19, 20, 21, 55])('keep the newest, and say from where, after %i', (count) => {
    const recent = filled(10, 1, count);
    const kept = after(recent, 0);
    expect(kept.at(0)).toBe(recent.floor + 1);
    expect(kept.at(-1)).toBe(count);
    expect(kept.length).toBeGreaterThanOrEqual(10);
    expect(kept.length).toBeLessThan(20);
  });

  it('begin anew when the log goes back', () => {
    const recent = filled(10, 1, 9);
    recent.push(6, event(6));
    expect([recent.generation, recent.floor, recent.head, after(recent, 0)]).toEqual([1, 5, 6, [6]]);
  });
});
