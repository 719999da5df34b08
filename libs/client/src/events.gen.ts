// Generated from proto and libs/contracts by libs/client/generate: npm run gen:asyncapi

/** What an alert is about. */
export interface AlertTarget {
  /** The uuid of the monitor or job. */
  readonly id: string;
  /** monitor or job. */
  readonly kind: 'monitor' | 'job' | (string & {});
  /** Its name when the decision was made. */
  readonly name: string;
  /** What is watched; empty for jobs and heartbeats. */
  readonly url: string;
}

/** Why a check or run did not succeed. */
export interface CheckError {
  /** Stable snake_case code, e.g. connection_refused. */
  readonly code: string;
  /** One readable sentence without secrets. */
  readonly message: string;
}

/** A result that made a decision, by reference and in short. */
export interface Evidence {
  /** The id of the result's event. */
  readonly eventId: string;
  /** The slot of the check or run. */
  readonly slot: string;
  /** When it ended. */
  readonly finishedAt: string;
  /** Where it ran. */
  readonly location: string;
  /** What it found. */
  readonly outcome: string;
  readonly error?: CheckError | undefined;
  /** How long it took, milliseconds. */
  readonly latencyMs: number;
}

/** Something is wrong: the start of an episode. */
export interface AlertRaised {
  /** The episode's uuid, the same from raise to resolve. */
  readonly alertId: string;
  /** The tenant. */
  readonly project: string;
  readonly target: AlertTarget;
  /** failure, ssl_expiring, success, timeout or unobservable. */
  readonly type: 'failure' | 'ssl_expiring' | 'success' | 'timeout' | 'unobservable' | (string & {});
  /** error, warning, success or info. */
  readonly severity: 'error' | 'warning' | 'success' | 'info' | (string & {});
  /** The configuration revision that was in force. */
  readonly policyRevision: number;
  /** The providers that revision names. */
  readonly providers: readonly string[];
  /** The user's own words to add to the message, with variables. */
  readonly customMessage: string;
  /** Last RESULTS sequence folded in the target's shard when this was decided. */
  readonly position: number;
  /** threshold_reached, certificate_expiring or not_observable. */
  readonly reason: 'threshold_reached' | 'certificate_expiring' | 'not_observable' | (string & {});
  /** When the deciding check ended. */
  readonly raisedAt: string;
  /** Slot of the first failing check of the episode. */
  readonly since: string;
  /** The locations that are failing. */
  readonly locations: readonly string[];
  /** The failing checks, newest last, at most ten. */
  readonly evidence: readonly Evidence[];
  /** Why it is not told to anyone (muted, failure_not_wanted, type_not_wanted); absent when it is. */
  readonly untold?: 'muted' | 'failure_not_wanted' | 'type_not_wanted' | (string & {}) | undefined;
}

/** An alert raised while muted is still open when the mute ended: it is told now. */
export interface AlertUnmuted {
  /** The episode's uuid. */
  readonly alertId: string;
  /** The tenant. */
  readonly project: string;
  readonly target: AlertTarget;
  /** The alert's type. */
  readonly type: 'failure' | 'ssl_expiring' | 'success' | 'timeout' | 'unobservable' | (string & {});
  /** error, warning, success or info. */
  readonly severity: 'error' | 'warning' | 'success' | 'info' | (string & {});
  /** The configuration revision that was in force. */
  readonly policyRevision: number;
  /** The providers that revision names. */
  readonly providers: readonly string[];
  /** The user's own words to add to the message, with variables. */
  readonly customMessage: string;
  /** Last RESULTS sequence folded in the target's shard when this was decided. */
  readonly position: number;
  /** When the alert was raised. */
  readonly raisedAt: string;
  /** When the first check after the mute ended. */
  readonly unmutedAt: string;
  /** Slot of the first failing check of the episode. */
  readonly since: string;
  /** The failing checks, newest last, at most ten. */
  readonly evidence: readonly Evidence[];
}

/** The episode is over. */
export interface AlertResolved {
  /** The episode's uuid. */
  readonly alertId: string;
  /** The tenant. */
  readonly project: string;
  readonly target: AlertTarget;
  /** The alert's type. */
  readonly type: 'failure' | 'ssl_expiring' | 'success' | 'timeout' | 'unobservable' | (string & {});
  /** error, warning, success or info. */
  readonly severity: 'error' | 'warning' | 'success' | 'info' | (string & {});
  /** The configuration revision that was in force. */
  readonly policyRevision: number;
  /** The providers that revision names. */
  readonly providers: readonly string[];
  /** The user's own words to add to the message, with variables. */
  readonly customMessage: string;
  /** Last RESULTS sequence folded in the target's shard when this was decided. */
  readonly position: number;
  /** recovered, paused, disabled, deleted, ended or superseded. */
  readonly reason: 'recovered' | 'paused' | 'disabled' | 'deleted' | 'ended' | 'superseded' | (string & {});
  /** When the alert was raised. */
  readonly raisedAt: string;
  /** Slot of the first failing check of the episode. */
  readonly since: string;
  /** When it ended. */
  readonly resolvedAt: string;
  /** How long it lasted, milliseconds. */
  readonly durationMs: number;
  /** The results that closed it; empty when a configuration did. */
  readonly evidence: readonly Evidence[];
  /** alertOnRecovery of the revision in force. */
  readonly recoveryWanted: boolean;
  /** Why the raise was not told; absent when it was. */
  readonly raiseUntold?: 'muted' | 'failure_not_wanted' | 'type_not_wanted' | (string & {}) | undefined;
}

/** A person has seen it. */
export interface AlertAcknowledged {
  /** The episode's uuid. */
  readonly alertId: string;
  /** The tenant. */
  readonly project: string;
  readonly target: AlertTarget;
  /** When it was acknowledged. */
  readonly acknowledgedAt: string;
  /** Who did it: the name of the token or user. */
  readonly acknowledgedBy: string;
  /** Their note; may be empty. */
  readonly note: string;
  /** Last RESULTS sequence folded in the target's shard when this was recorded. */
  readonly position: number;
}

/** The policy of one monitor or job when alerts are to be decided. */
export interface AlertConfig {
  /** Whether alerts are decided at all. */
  readonly enabled: boolean;
  /** The providers to tell, at most ten. */
  readonly notificationProviders: readonly string[];
  /** Tell failures. */
  readonly alertOnFailure: boolean;
  /** Tell recoveries. */
  readonly alertOnRecovery: boolean;
  /** Tell certificates that are about to expire. */
  readonly alertOnSslExpiration: boolean;
  /** Tell successes (jobs). */
  readonly alertOnSuccess: boolean;
  /** Tell timeouts under their own type (jobs). */
  readonly alertOnTimeout: boolean;
  /** Consecutive failures that raise. */
  readonly failureThreshold: number;
  /** Consecutive successes that resolve. */
  readonly recoveryThreshold: number;
  /** Words to add to every message, with variables. */
  readonly customMessage: string;
  /** Nothing raised before this instant is told until it has passed. */
  readonly mutedUntil?: string | undefined;
  /** Episodes within an hour from which a target counts as flapping; 0 never. */
  readonly flapThreshold: number;
}

/** A policy counts from this position of the log on (R10). */
export interface PolicyChanged {
  /** The tenant. */
  readonly project: string;
  readonly target: AlertTarget;
  /** The configuration revision. */
  readonly policyRevision: number;
  /** Whether the monitor or job is enabled. */
  readonly enabled: boolean;
  /** Whether it was deleted. */
  readonly deleted: boolean;
  readonly alertConfig: AlertConfig;
  /** Where checks run; empty for jobs. */
  readonly locations: readonly string[];
  /** How many failing locations make a failure: any, majority, all or a number. */
  readonly quorum: string;
  /** When the configuration was accepted. */
  readonly changedAt: string;
  /** Last RESULTS sequence folded in the target's shard before it counts. */
  readonly position: number;
}

/** What a monitor or job is now has changed, on stream STATUS. */
export interface StatusChanged {
  /** The uuid of the monitor or job. */
  readonly targetId: string;
  /** monitor or job. */
  readonly targetKind: 'monitor' | 'job' | (string & {});
  /** The tenant. */
  readonly project: string;
  /** The status before. */
  readonly from:
    | 'pending'
    | 'up'
    | 'down'
    | 'degraded'
    | 'paused'
    | 'maintenance'
    | 'unknown'
    | (string & {});
  /** The status now: pending, up, down, degraded, paused, maintenance or unknown. */
  readonly to: 'pending' | 'up' | 'down' | 'degraded' | 'paused' | 'maintenance' | 'unknown' | (string & {});
  /** Why, as a code or a sentence. */
  readonly reason: string;
  /** When the cause happened. */
  readonly changedAt: string;
  /** The slot of the result that caused it; absent when a configuration did. */
  readonly slot?: string | undefined;
}

/** Every event that a subscriber can hear, by the name its CloudEvents type ends in. */
export interface EventMap {
  readonly AlertRaised: AlertRaised;
  readonly AlertUnmuted: AlertUnmuted;
  readonly AlertResolved: AlertResolved;
  readonly AlertAcknowledged: AlertAcknowledged;
  readonly PolicyChanged: PolicyChanged;
  readonly StatusChanged: StatusChanged;
}
