export {
  ALERT_TYPES,
  type AlertAcknowledged,
  type AlertRaised,
  type AlertResolved,
  type AlertTarget,
  type AlertType,
  type AlertUnmuted,
  type Evidence,
  type PolicyChanged,
  type RaiseReason,
  type ResolveReason,
  type Severity,
  type UntoldReason,
} from './alert.js';
export { recount } from './count.js';
export { type Acknowledgement, decideAcknowledgement } from './decide-acknowledgement.js';
export { decideAlert } from './decide-alert.js';
export { decidePolicy } from './decide-policy.js';
export type { Decision, DecisionReason } from './decision.js';
export {
  type AlertEpisode,
  type Compared,
  compareEpisodes,
  detectionDelayMs,
  type EpisodePair,
  episodesOf,
} from './episode.js';
export { estimateHour, type FailingSpan, type UnkeptHour } from './estimate-hour.js';
export { evolve } from './evolve.js';
export { type DecisionExplained, type DecisionNumbers, explainDecision } from './explain-decision.js';
export { type ExplainedHistory, type ExplainedResult, explainHistory } from './explain-history.js';
export { type FieldDifference, firstDifference } from './first-difference.js';
export {
  type Folded,
  foldHistory,
  type HistoryStep,
  type QuietSpell,
  successesThatSettle,
} from './history.js';
export { createNights, type Nights } from './nights.js';
export { type Observation, observationOf, RUN_LOCATION } from './observation.js';
export { type AlertConfig, DEFAULT_ALERT_CONFIG, MAX_PROVIDERS } from './policy.js';
export { failingNeeded, parseQuorum } from './quorum.js';
export { type KnownAlert, type Seed, seedAt } from './seed.js';
export { type AlertEvent, INITIAL_TARGET_STATE, type TargetState } from './target-state.js';
export { createVerifier, type Verifier } from './verify-decisions.js';
export type {
  Cause,
  DecisionDifference,
  JudgedBy,
  LoggedAlert,
  NotJudgedReason,
  ShardLog,
} from './verify-log.js';
export {
  type AlertConfigChange,
  type History,
  type WhatIf,
  whatIf,
  withChange,
} from './what-if.js';
export { type AlertSum, createSum, type NightSum, type Period } from './what-if-sum.js';
