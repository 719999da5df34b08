import { setTimeout as delay } from 'node:timers/promises';
import { ALL_SHARDS, newId } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { Report } from './evaluator.metrics.js';
import { foldBatch, type Publish } from './evaluator.projection.js';
import { isLogRebuilt } from './rebuild.js';
import { loadRebuildProgress } from './rebuild.store.js';
import { createStateCache } from './state-cache.store.js';

const LOOK_MS = 1_000;

export interface FinishOptions {
  readonly db: Kysely<unknown>;
  readonly report: Report;
  readonly logger: Logger;
  /** the alert log when absent */
  readonly publish?: Publish;
}

/** Takes what a rebuild has left in shards where nothing happens any more: no event will come and do it. */
export async function finishRebuild(options: FinishOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (await finishShards(options)) return;
    } catch (error) {
      options.logger.warn({ err: error }, 'rebuild cannot be finished yet, will keep trying');
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns whether no rebuild is under way */
export async function finishShards({ db, report, publish }: Omit<FinishOptions, 'logger'>): Promise<boolean> {
  const after: (() => void)[] = [];
  const isOver = await db.transaction().execute(async (tx) => {
    const progress = await loadRebuildProgress(tx, ALL_SHARDS);
    const rebuilt = progress.filter((shard) => isLogRebuilt(shard) && shard.listed);
    if (rebuilt.length > 0) {
      const sequences = new Map(rebuilt.map(({ shard, resultsSequence }) => [shard, resultsSequence]));
      const over = [...sequences.keys()];
      await foldBatch(
        {
          tx,
          shards: over,
          position: (_stream, shard) => sequences.get(shard) ?? 0,
          afterCommit: (run) => void after.push(run),
        },
        { cache: createStateCache(newId()), report, ...(publish === undefined ? {} : { publish }) },
        { recount: [], decide: [], until: new Map(over.map((shard) => [shard, Infinity])), over },
      );
    }
    return progress.every(isLogRebuilt);
  });
  for (const run of after) run();
  return isOver;
}
