import type { Instant } from '@tocsin/kernel';
import { type AlertEpisode, type Compared, compareEpisodes, episodesOf } from './episode.js';
import { foldHistory, type HistoryStep } from './history.js';
import type { AlertConfig } from './policy.js';
import type { TargetState } from './target-state.js';

/** The fields that are to be otherwise; `mutedUntil: null` ends a mute. */
export type AlertConfigChange = {
  readonly [Name in Exclude<keyof AlertConfig, 'mutedUntil'>]?: AlertConfig[Name] | undefined;
} & { readonly mutedUntil?: Instant | null | undefined };

/** What is known of a target's past. */
export interface History {
  readonly seed: TargetState;
  /** alerts that are open in the seed */
  readonly open: readonly AlertEpisode[];
  /** the policies among them in force at the time, the first one first of all */
  readonly steps: readonly HistoryStep[];
}

export interface WhatIf {
  readonly before: readonly AlertEpisode[];
  readonly after: readonly AlertEpisode[];
  readonly compared: Compared;
}

/**
 * The past once as it was configured and once with the change laid over every revision that was in force: what else
 * was configured (paused, locations, quorum, the fields that are not named) stays as it was.
 *
 * @param from alerts that were over by then are of no interest
 */
export function whatIf(history: History, change: AlertConfigChange, from: Instant): WhatIf {
  const before = episodesIn(history, history.steps, from);
  const after = episodesIn(
    history,
    history.steps.map((step) => withChange(step, change)),
    from,
  );
  return { before, after, compared: compareEpisodes(before, after) };
}

function episodesIn(
  { seed, open }: History,
  steps: readonly HistoryStep[],
  from: Instant,
): readonly AlertEpisode[] {
  return episodesOf(foldHistory(steps, seed).events, open).filter(
    ({ resolvedAt }) => resolvedAt === undefined || resolvedAt >= from,
  );
}

export function withChange(step: HistoryStep, change: AlertConfigChange): HistoryStep {
  if (step.kind !== 'policy') return step;
  const alertConfig = changedConfig(step.policy.alertConfig, change);
  return { ...step, policy: { ...step.policy, alertConfig } };
}

function changedConfig(config: AlertConfig, change: AlertConfigChange): AlertConfig {
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const { mutedUntil, ...rest } = { ...config, ...named } as AlertConfig & { mutedUntil?: Instant | null };
  return mutedUntil === undefined || mutedUntil === null ? rest : { ...rest, mutedUntil };
}
