import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.js';

const never = new AbortController().signal;

describe('turns', () => {
  it('are taken by so many at once, and by the others in their order', async () => {
    const turns = createTurns(2);
    const seen: number[] = [];
    const backs = [await turns.take(never), await turns.take(never)];
    const others = [3, 4].map(async (index) => {
      const back = await turns.take(never);
      seen.push(index);
      return back;
    });
    expect(seen).toEqual([]);
    backs[0]?.();
    backs[0]?.();
    const third = await others[0];
    expect(seen).toEqual([3]);
    third?.();
    await others[1];
    expect(seen).toEqual([3, 4]);
  });
  it('are not waited for by who gave up', async () => {
    const turns = createTurns(1);
    const back = await turns.take(never);
    const stop = new AbortController();
    const waiting = turns.take(stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(turns.take(stop.signal)).rejects.toThrow('enough');
    back();
    await expect(turns.take(never)).resolves.toBeTypeOf('function');
  });
});
