import { describe, expect, it } from 'vitest';
import { atMostEvery, batched } from './batch.js';

describe('batches', () => {
  it('hand on once for each frame, however much arrives', () => {
    const frames: (() => void)[] = [];
    const handed: number[][] = [];
    const push = batched<number>(
      (items) => handed.push([...items]),
      (run) => frames.push(run),
    );
    for (let each = 0; each < 1_000; each += 1) push(each);
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    push(1_000);
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(handed.map((items) => items.length)).toEqual([1_000, 1]);
  });

  it('take what arrives while they are handed on into the next one', () => {
    const frames: (() => void)[] = [];
    const handed: string[][] = [];
    const push = batched<string>(
      (items) => {
        handed.push([...items]);
        if (handed.length === 1) push('later');
      },
      (run) => frames.push(run),
    );
    push('now');
    frames.shift()?.();
    frames.shift()?.();
    expect(handed).toEqual([['now'], ['later']]);
  });
});

describe('at most every so often', () => {
  it('is at once, then once more at the end of the rest for all that asked meanwhile', () => {
    const waits: (() => void)[] = [];
    let runs = 0;
    const ask = atMostEvery(
      1_000,
      () => (runs += 1),
      (run) => waits.push(run),
    );
    ask();
    ask();
    ask();
    expect([runs, waits.length]).toEqual([1, 1]);
    waits.shift()?.();
    expect([runs, waits.length]).toEqual([2, 1]);
    waits.shift()?.();
    expect([runs, waits.length]).toEqual([2, 0]);
    ask();
    expect(runs).toBe(3);
  });
});
