import type { InputEvent } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';

/** How far a rebuild is with one shard. A sequence up to `…Until` was folded before the tables were emptied. */
export interface RebuildProgress {
  readonly shard: Shard;
  readonly configSequence: number;
  readonly configUntil: number;
  readonly resultsSequence: number;
  readonly resultsUntil: number;
  /** something is still listed to be taken from the event table, or was put off */
  readonly listed: boolean;
}

/**
 * `recount`: the result moves the counters, the decisions come from the event table. `skip`: what it led to is in the
 * event table. `put_off`: a person decided it while the results before it are still being counted again.
 */
export type Treatment = 'decide' | 'recount' | 'skip' | 'put_off';

/** @param progress of the event's shard; undefined when no rebuild concerns it */
export function treatmentOf(event: InputEvent, progress: RebuildProgress | undefined): Treatment {
  if (progress === undefined) return 'decide';
  if (event.stream === 'RESULTS') return event.sequence <= progress.resultsUntil ? 'recount' : 'decide';
  if (event.sequence <= progress.configUntil) return 'skip';
  return areResultsRebuilt(progress) ? 'decide' : 'put_off';
}

/** Whether all the results that were there have been counted again. */
export function areResultsRebuilt({ resultsSequence, resultsUntil }: RebuildProgress): boolean {
  return resultsSequence >= resultsUntil;
}

/** Whether what was folded before the tables were emptied has all been folded again, or passed over. */
export function isLogRebuilt(progress: RebuildProgress): boolean {
  return areResultsRebuilt(progress) && progress.configSequence >= progress.configUntil;
}
