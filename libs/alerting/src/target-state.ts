import { type Instant, msBetween } from '@tocsin/kernel';
import {
  ALERT_TYPES,
  type AlertAcknowledged,
  type AlertRaised,
  type AlertResolved,
  type AlertType,
  type AlertUnmuted,
  type Evidence,
  type PolicyChanged,
  type UntoldReason,
} from './alert.js';
import { failingNeeded, parseQuorum } from './quorum.js';

export const FLAP_WINDOW_MS = 3_600_000;
const ERRORS_UNTIL_UNOBSERVABLE = 5;

/** What one location counted. Every `since` is the slot that began the streak. */
export interface LocationState {
  readonly consecutiveFailures: number;
  readonly consecutiveSuccesses: number;
  readonly consecutiveErrors: number;
  /** the last slot that was looked at; nothing at or before it counts (R1) */
  readonly lastSlot?: Instant | undefined;
  /** reached the failure threshold and not yet the recovery threshold (R9) */
  readonly failing: boolean;
  readonly failingSince?: Instant | undefined;
  readonly succeedingSince?: Instant | undefined;
  readonly errorsSince?: Instant | undefined;
  /** the failing results of the streak, newest last, at most ten */
  readonly recent: readonly Evidence[];
  /** slot of the first sight of a certificate inside its warning period; absent while it is fine */
  readonly expiringSince?: Instant | undefined;
}

/** An alert that was raised and has not ended. */
export interface Episode {
  readonly alertId: string;
  readonly raisedAt: Instant;
  readonly since: Instant;
  readonly untold?: UntoldReason | undefined;
  /** raised muted, told since: its end is told too */
  readonly unmutedAt?: Instant | undefined;
  readonly acknowledgedAt?: Instant | undefined;
  readonly flapping: boolean;
}

export interface Timeouts {
  readonly count: number;
  readonly since?: Instant | undefined;
  readonly recent: readonly Evidence[];
}

/** All that the rules remember of one monitor or job. Plain JSON: it survives a round trip unchanged. */
export interface TargetState {
  readonly policy?: PolicyChanged | undefined;
  readonly locations: Readonly<Record<string, LocationState>>;
  readonly episodes: { readonly [T in AlertType]?: Episode };
  /** jobs: timed-out runs in a row, while those have their own episode (R11) */
  readonly timeouts: Timeouts;
  /** when failure and timeout episodes were raised, within the flap window of the newest */
  readonly raises: readonly Instant[];
  readonly sslRaisedAt?: Instant | undefined;
}

/** An event on the alert log, with the name it has there. */
export type AlertEvent =
  | { readonly type: 'AlertRaised'; readonly data: AlertRaised }
  | { readonly type: 'AlertUnmuted'; readonly data: AlertUnmuted }
  | { readonly type: 'AlertResolved'; readonly data: AlertResolved }
  | { readonly type: 'AlertAcknowledged'; readonly data: AlertAcknowledged }
  | { readonly type: 'PolicyChanged'; readonly data: PolicyChanged };

export const NO_TIMEOUTS: Timeouts = { count: 0, recent: [] };

export const INITIAL_LOCATION: LocationState = {
  consecutiveFailures: 0,
  consecutiveSuccesses: 0,
  consecutiveErrors: 0,
  failing: false,
  recent: [],
};

export const INITIAL_TARGET_STATE: TargetState = {
  locations: {},
  episodes: {},
  timeouts: NO_TIMEOUTS,
  raises: [],
};

/** Counters at zero, but the slot is kept: what was counted before must not count again after. */
export function startOver(location: LocationState): LocationState {
  return location.lastSlot === undefined
    ? INITIAL_LOCATION
    : { ...INITIAL_LOCATION, lastSlot: location.lastSlot };
}

export function isCounting(policy: PolicyChanged | undefined): boolean {
  return policy === undefined || (policy.enabled && !policy.deleted);
}

/** A monitor's configured locations; a job, or a target still without a policy, has those that reported. */
export function watchedLocations(state: TargetState): readonly string[] {
  const named = state.policy?.locations ?? [];
  const all =
    named.length > 0 && state.policy?.target.kind === 'monitor' ? named : Object.keys(state.locations);
  return all.toSorted();
}

export function failingLocations(state: TargetState): readonly string[] {
  return watchedLocations(state).filter((name) => state.locations[name]?.failing === true);
}

/** R9. */
export function isQuorumMet(state: TargetState): boolean {
  const needed = failingNeeded(parseQuorum(state.policy?.quorum ?? ''), watchedLocations(state).length);
  return failingLocations(state).length >= needed;
}

export function isUnobservable(location: LocationState): boolean {
  return location.consecutiveErrors >= ERRORS_UNTIL_UNOBSERVABLE;
}

export function isExpiring(location: LocationState): boolean {
  return location.expiringSince !== undefined;
}

export function anyWatched(state: TargetState, holds: (location: LocationState) => boolean): boolean {
  return watchedLocations(state).some((name) => {
    const location = state.locations[name];
    return location !== undefined && holds(location);
  });
}

export function openTypes(state: TargetState): readonly AlertType[] {
  return ALERT_TYPES.filter((type) => state.episodes[type] !== undefined);
}

/** Raises within the hour that ends at `now`. */
export function recentRaises(raises: readonly Instant[], now: Instant): readonly Instant[] {
  return raises.filter((raisedAt) => msBetween(raisedAt, now) < FLAP_WINDOW_MS);
}
