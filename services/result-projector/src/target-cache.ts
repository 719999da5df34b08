import type { FoldContext } from '@tocsin/event-log';
import { type Shard, shardOf } from '@tocsin/kernel';
import type { Target } from './target.js';

/** Some 1 kB each. */
const LIMIT = 50_000;
/** Shards change hands no faster: a pause this long and nothing is believed any more. */
const FRESH_MS = 1_000;

type Context = Pick<FoldContext, 'shards' | 'position' | 'afterCommit'>;

export interface TargetCache {
  /** Begins a batch on this table. @returns what is known of these without asking it */
  recall(context: Context, tableId: number, ids: readonly string[]): Map<string, Target>;
  /** what the batch makes of them, once it is committed */
  remember(context: Context, targets: readonly Target[]): void;
}

/**
 * Targets as the last committed batch left them. They are believed only while nobody else can have folded: the batch before
 * was ours and was committed, a moment ago, and the shard's checkpoints are where it left them.
 * @param now milliseconds that never go back
 */
export function createTargetCache(now: () => number): TargetCache {
  const targets = new Map<string, Target>();
  const left = new Map<Shard, string>();
  let isCommitted = true;
  let committedAt = Number.NEGATIVE_INFINITY;
  let table = 0;
  const placeOf = ({ position }: Context, shard: Shard) =>
    `${position('CONFIG', shard)} ${position('RESULTS', shard)}`;

  function forgetStale(context: Context, tableId: number): void {
    if (!isCommitted || now() - committedAt > FRESH_MS || tableId !== table) {
      table = tableId;
      targets.clear();
      left.clear();
    }
    const stale = new Set<Shard>();
    for (const [shard, place] of left)
      if (!context.shards.includes(shard) || placeOf(context, shard) !== place) stale.add(shard);
    if (stale.size === 0) return;
    for (const id of targets.keys()) if (stale.has(shardOf(id))) targets.delete(id);
    for (const shard of stale) left.delete(shard);
  }

  return {
    recall(context, tableId, ids) {
      forgetStale(context, tableId);
      isCommitted = false;
      const known = new Map<string, Target>();
      for (const id of ids) {
        const target = targets.get(id);
        if (target !== undefined) known.set(id, target);
      }
      return known;
    },
    remember(context, fresh) {
      context.afterCommit(() => {
        isCommitted = true;
        committedAt = now();
        for (const target of fresh) {
          const { targetId } = target.status;
          // Last in, last out.
          targets.delete(targetId);
          targets.set(targetId, target);
        }
        for (const id of targets.keys()) {
          if (targets.size <= LIMIT) break;
          targets.delete(id);
        }
        for (const shard of context.shards) left.set(shard, placeOf(context, shard));
      });
    },
  };
}
