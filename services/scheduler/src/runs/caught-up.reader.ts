import { setTimeout as delay } from 'node:timers/promises';
import { filters } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import { ALL_SHARDS } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import { foldedUntil } from '../checkpoint.store.js';
import { orAborted } from '../or-aborted.js';
import { unfoldedEntities } from '../unfolded.reader.js';
import { RUNS_PROJECTION } from './runs.projection.js';

export interface CaughtUpOptions {
  readonly connection: Kysely<unknown>;
  readonly log: Pick<EventLog, 'describe' | 'read'>;
  readonly logger: Logger;
  /** nothing is folded for this long, and it goes on with what is known, milliseconds */
  readonly standstillMs: number;
}

const ASK_MS = 50;

/**
 * Waits until the queue is folded up to where the log is now: a run that has ended must not be started by a row that does
 * not say so yet. Never goes on during a rebuild.
 */
export async function caughtUp(
  { connection, log, logger, standstillMs }: CaughtUpOptions,
  signal: AbortSignal,
): Promise<void> {
  const config = await orAborted(log.describe('CONFIG'), signal);
  const results = await orAborted(log.describe('RESULTS'), signal);
  if (config === undefined || results === undefined) return;
  let reached = -1;
  for (let since = performance.now(); !signal.aborted; ) {
    const ofConfig = await foldedUntil(connection, RUNS_PROJECTION, 'CONFIG', ALL_SHARDS);
    const ofResults = await foldedUntil(connection, RUNS_PROJECTION, 'RESULTS', ALL_SHARDS);
    const isConfigured = !ofConfig.isRebuilding && ofConfig.sequence >= config.lastSequence;
    if (isConfigured) {
      const unfolded = await unfoldedEntities({
        log,
        subject: filters.allRuns,
        shards: ALL_SHARDS,
        after: ofResults.sequence,
        upTo: results.lastSequence,
        signal,
      });
      if (unfolded.size === 0) return;
    }
    if (ofConfig.sequence + ofResults.sequence > reached) since = performance.now();
    reached = Math.max(reached, ofConfig.sequence + ofResults.sequence);
    const isRebuilding = ofConfig.isRebuilding || ofResults.isRebuilding;
    if (!isRebuilding && performance.now() - since > standstillMs) {
      const foldedUntilNow = { config: ofConfig.sequence, results: ofResults.sequence };
      logger.warn(
        { foldedUntil: foldedUntilNow, config: config.lastSequence, results: results.lastSequence },
        'the queue of runs is not folded up to now and nothing is folded, going on with what is known',
      );
      return;
    }
    await delay(ASK_MS, undefined, { signal }).catch(() => undefined);
  }
}
