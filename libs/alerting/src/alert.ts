import type { Instant } from '@tocsin/kernel';
import type { CheckError, TargetKind } from '@tocsin/monitoring';
import type { AlertConfig } from './policy.js';

/** `unobservable`: we could not look, many times in a row; an alert about us, never a "down" (R7). */
export const ALERT_TYPES = ['failure', 'ssl_expiring', 'success', 'timeout', 'unobservable'] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

export type Severity = 'error' | 'warning' | 'success' | 'info';

export interface AlertTarget {
  readonly id: string;
  readonly kind: TargetKind;
  readonly name: string;
  /** what is watched; empty for jobs and heartbeats */
  readonly url: string;
}

/** A result that made the decision, by reference and in short. */
export interface Evidence {
  readonly eventId: string;
  readonly slot: Instant;
  readonly finishedAt: Instant;
  readonly location: string;
  readonly outcome: string;
  readonly error?: CheckError | undefined;
  readonly latencyMs: number;
}

export type RaiseReason = 'threshold_reached' | 'certificate_expiring' | 'not_observable';
export type ResolveReason = 'recovered' | 'paused' | 'disabled' | 'deleted' | 'ended' | 'superseded';
/** Why an alert event is not told to anyone, although it is on the log. */
export type UntoldReason = 'muted' | 'failure_not_wanted' | 'type_not_wanted';

interface AlertEventBase {
  readonly alertId: string;
  readonly project: string;
  readonly target: AlertTarget;
  readonly type: AlertType;
  readonly severity: Severity;
  /** the configuration revision that was in force */
  readonly policyRevision: number;
  /** providers that revision names */
  readonly providers: readonly string[];
  readonly customMessage: string;
  /** last RESULTS sequence folded in the target's shard when this was decided */
  readonly position: number;
}

export interface AlertRaised extends AlertEventBase {
  readonly reason: RaiseReason;
  readonly raisedAt: Instant;
  /** slot of the first failing check of the episode */
  readonly since: Instant;
  readonly locations: readonly string[];
  readonly evidence: readonly Evidence[];
  /** absent when it is to be told */
  readonly untold?: UntoldReason | undefined;
}

/** An alert that was raised untold (muted, or of a type not wanted) and is still open when that ended: told now. */
export interface AlertUnmuted extends AlertEventBase {
  readonly raisedAt: Instant;
  readonly unmutedAt: Instant;
  readonly since: Instant;
  readonly evidence: readonly Evidence[];
}

export interface AlertResolved extends AlertEventBase {
  readonly reason: ResolveReason;
  readonly raisedAt: Instant;
  /** slot of the first failing check of the episode */
  readonly since: Instant;
  readonly resolvedAt: Instant;
  readonly durationMs: number;
  /** the results that closed it; empty when a configuration did */
  readonly evidence: readonly Evidence[];
  /** `alertOnRecovery` of the revision in force */
  readonly recoveryWanted: boolean;
  /** why the raise was not told; absent when it was (R6) */
  readonly raiseUntold?: UntoldReason | undefined;
}

export interface AlertAcknowledged {
  readonly alertId: string;
  readonly project: string;
  readonly target: AlertTarget;
  readonly acknowledgedAt: Instant;
  readonly acknowledgedBy: string;
  readonly note: string;
  readonly position: number;
}

/** R10: the policy itself on the alert log, from the shard position at which it counts. */
export interface PolicyChanged {
  readonly project: string;
  readonly target: AlertTarget;
  readonly policyRevision: number;
  readonly enabled: boolean;
  readonly deleted: boolean;
  readonly alertConfig: AlertConfig;
  readonly locations: readonly string[];
  readonly quorum: string;
  readonly changedAt: Instant;
  readonly position: number;
}
