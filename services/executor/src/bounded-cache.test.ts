import { describe, expect, it } from 'vitest';
import { createBoundedCache } from './bounded-cache.js';

describe('a bounded cache', () => {
  it('keeps what was used last', () => {
    const cache = createBoundedCache<number>({ limit: 2, ttlMs: 1_000, now: () => 0 });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    expect(cache.size()).toBe(2);
  });
  it('forgets with time, however often it is asked', () => {
    let now = 0;
    const cache = createBoundedCache<number>({ limit: 2, ttlMs: 1_000, now: () => now });
    cache.set('a', 1);
    now = 999;
    expect(cache.get('a')).toBe(1);
    now = 1_000;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size()).toBe(0);
  });
});
