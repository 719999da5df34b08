import { describe, expect, it } from 'vitest';
import { createLiveRuns } from './live-runs.js';

describe('the runs that are made here', () => {
  it('are each made once at a time', async () => {
    const live = createLiveRuns();
    const run = live.begin('a');
    expect(live.begin('a')).toBeUndefined();
    expect(live.size()).toBe(1);
    const over = live.ended('a');
    run?.end();
    await over;
    expect(live.ended('a')).toBeUndefined();
    expect(live.begin('a')).toBeDefined();
  });
  it('end for the first reason they are given', () => {
    const live = createLiveRuns();
    const run = live.begin('a');
    const other = live.begin('b');
    live.cut('unknown', 'cancelled');
    live.cut('a', 'cancelled');
    live.cutAll('executor_stopped');
    expect([run?.cutBy(), other?.cutBy()]).toEqual(['cancelled', 'executor_stopped']);
    expect(run?.signal.aborted).toBe(true);
    expect(run?.stopping.aborted).toBe(true);
  });
});
