import type { Shard } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { idOf } from './events.fixture.js';
import { newTarget, type Target } from './target.js';
import { createTargetCache } from './target-cache.js';

const [one, two] = [idOf(1), idOf(2)];
const target = (id: string, revision: number): Target => ({
  ...newTarget({ targetId: id, targetKind: 'monitor', project: 'default' }),
  revision,
});

/** A cache, and batches of a process that owns these shards at this position. */
function given() {
  let nowMs = 0;
  let position = 10;
  const cache = createTargetCache(() => nowMs);
  function batch(
    edit: { shards?: Shard[]; fails?: boolean; writes?: Target[]; movesTo?: number } = {},
  ): number[] {
    const after: (() => void)[] = [];
    const context = {
      shards: edit.shards ?? (['1', '2'] as Shard[]),
      position: () => position,
      afterCommit: (run: () => void) => void after.push(run),
    };
    const known = cache.recall(context, 1, [one, two]);
    cache.remember(context, edit.writes ?? []);
    if (edit.fails !== true) {
      position = edit.movesTo ?? position + 1;
      for (const run of after) run();
    }
    return [...known.values()].map(({ revision }) => revision);
  }
  return {
    batch,
    pass: (ms: number) => {
      nowMs += ms;
    },
    foldedByAnother: () => {
      position += 1;
    },
  };
}

describe('what is remembered of targets', () => {
  it('is what the last batch left', () => {
    const { batch } = given();
    expect(batch({ writes: [target(one, 1), target(two, 1)] })).toEqual([]);
    expect(batch({ writes: [target(two, 2)] })).toEqual([1, 1]);
    expect(batch()).toEqual([1, 2]);
  });

  it('is nothing after a batch whose commit is not known of', () => {
    const { batch } = given();
    batch({ writes: [target(one, 1)] });
    batch({ writes: [target(one, 2)], fails: true });
    expect(batch()).toEqual([]);
  });

  it('is nothing of a shard that another process has folded', () => {
    const { batch, foldedByAnother } = given();
    batch({ writes: [target(one, 1)] });
    foldedByAnother();
    expect(batch()).toEqual([]);
  });

  it('is nothing of a shard that was away', () => {
    const { batch } = given();
    batch({ writes: [target(one, 1), target(two, 1)] });
    expect(batch({ shards: ['2'] })).toEqual([1]);
    expect(batch()).toEqual([1]);
  });

  it('is nothing after a second without a batch, time enough for a shard to go and come back', () => {
    const { batch, pass } = given();
    batch({ writes: [target(one, 1)] });
    pass(1_000);
    expect(batch()).toEqual([1]);
    pass(1_001);
    expect(batch()).toEqual([]);
  });
});
