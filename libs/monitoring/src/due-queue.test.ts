import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDueQueue } from './due-queue.js';

const dueOf = (n: number) => (n * 7919) % 60_000;
const anyId = fc.constantFrom(...'abcdefghijklmnop'.split(''));
const anyDue = fc.integer({ min: 0, max: 40 });
interface Step {
  readonly type: 'upsert' | 'remove' | 'pop';
  readonly id: string;
  readonly dueMs: number;
}
const anyStep: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom('upsert', 'upsert', 'remove', 'pop'),
  id: anyId,
  dueMs: anyDue,
});

describe('the queue of what is due', () => {
  it('behaves as a sorted list would', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200 }), (steps) => {
        const queue = createDueQueue();
        const model = new Map<string, number>();
        const sorted = () => [...model].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
        const applied = {
          upsert: ({ id, dueMs }: Step) => [queue.upsert(id, dueMs), void model.set(id, dueMs)],
          remove: ({ id }: Step) => [queue.remove(id), model.delete(id)],
          pop: ({ dueMs: nowMs }: Step) => {
            const due = sorted().flatMap(([id, dueMs]) => (dueMs <= nowMs ? [id] : []));
            for (const id of due) model.delete(id);
            return [queue.popDue(nowMs), due];
          },
        };
        for (const step of steps) {
          const [actual, expected] = applied[step.type](step);
          expect(actual).toEqual(expected);
          expect(queue.size).toBe(model.size);
          expect(queue.nextDueMs).toBe(sorted()[0]?.[1]);
        }
        expect(queue.popDue(Number.POSITIVE_INFINITY)).toEqual(sorted().map(([id]) => id));
      }),
    );
  });

  it('holds 100,000 schedules and gives each back once, in order', () => {
    const queue = createDueQueue();
    for (let n = 0; n < 100_000; n++) queue.upsert(`monitor-${n}`, dueOf(n));
    expect(queue.size).toBe(100_000);
    const due = queue.popDue(60_000).map((id) => dueOf(Number(id.slice('monitor-'.length))));
    expect(due).toHaveLength(100_000);
    expect(due.every((ms, n) => n === 0 || (due[n - 1] ?? 0) <= ms)).toBe(true);
    expect(queue.size).toBe(0);
  });

  it('keeps its order when a removal brings an early one under a late parent', () => {
    const queue = createDueQueue();
    for (const dueMs of [1, 10, 2, 20, 30, 3, 4]) queue.upsert(`at ${dueMs}`, dueMs);
    queue.remove('at 20');
    expect(queue.popDue(4)).toEqual(['at 1', 'at 2', 'at 3', 'at 4']);
    expect(queue.popDue(30)).toEqual(['at 10', 'at 30']);
  });

  it('gives back no more than asked for, and the rest the next time', () => {
    const queue = createDueQueue();
    for (const dueMs of [3, 1, 2]) queue.upsert(`at ${dueMs}`, dueMs);
    expect(queue.popDue(3, 2)).toEqual(['at 1', 'at 2']);
    expect(queue.popDue(3, 2)).toEqual(['at 3']);
  });

  it('refuses a time that is not one', () => {
    expect(() => createDueQueue().upsert('a', Number.NaN)).toThrow(RangeError);
  });
});
