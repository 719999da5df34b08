import type { Evidence } from './alert.js';
import { evidenceOf, type Observation } from './observation.js';
import { DEFAULT_ALERT_CONFIG } from './policy.js';
import {
  INITIAL_LOCATION,
  isCounting,
  type LocationState,
  NO_TIMEOUTS,
  type TargetState,
  watchedLocations,
} from './target-state.js';

export const MAX_EVIDENCE = 10;
export const FLAPPING_RECOVERY_THRESHOLD = 5;

export type NotCounted = 'cancelled' | 'slot_already_counted' | 'paused' | 'deleted' | 'location_not_watched';

export type Count =
  | { readonly counted: false; readonly reason: NotCounted; readonly state: TargetState }
  | { readonly counted: true; readonly state: TargetState };

/** Moves the counters of the result's location, or says why it does not count. Raises nothing. */
export function count(observation: Observation, state: TargetState): Count {
  if (observation.result === 'cancelled') return { counted: false, reason: 'cancelled', state };
  const before = state.locations[observation.location] ?? INITIAL_LOCATION;
  if (before.lastSlot !== undefined && observation.slot <= before.lastSlot) {
    return { counted: false, reason: 'slot_already_counted', state };
  }
  const seen = { ...before, lastSlot: observation.slot };
  if (!isCounting(state.policy)) {
    const reason = state.policy?.deleted === true ? 'deleted' : 'paused';
    return { counted: false, reason, state: withLocation(state, observation.location, seen) };
  }
  const next = withLocation(state, observation.location, seen);
  if (!watchedLocations(next).includes(observation.location)) {
    return { counted: false, reason: 'location_not_watched', state: next };
  }
  const looked = lookedAtCertificate(observation, seen);
  const ownTimeout = isOwnTimeout(observation, state);
  return {
    counted: true,
    state: {
      ...withLocation(state, observation.location, moved(observation, looked, state, ownTimeout)),
      timeouts: movedTimeouts(observation, state, ownTimeout),
    },
  };
}

/** What a result does to the counters alone: for a replay, which takes the decisions from the log. */
export function recount(observation: Observation, state: TargetState): TargetState {
  return count(observation, state).state;
}

/** R11: a timed-out run of a job whose policy asks for timeouts has an episode of its own. */
export function isOwnTimeout(observation: Observation, state: TargetState): boolean {
  const policy = state.policy;
  return (
    observation.result === 'timeout' && policy?.target.kind === 'job' && policy.alertConfig.alertOnTimeout
  );
}

/** Successes that end the episode; more of them while it flaps, so that the flapping is one episode. */
export function successesNeeded(state: TargetState, type: 'failure' | 'timeout'): number {
  const { recoveryThreshold, flapThreshold } = state.policy?.alertConfig ?? DEFAULT_ALERT_CONFIG;
  const flapping = flapThreshold > 0 && state.episodes[type]?.flapping === true;
  return flapping ? Math.max(recoveryThreshold, FLAPPING_RECOVERY_THRESHOLD) : recoveryThreshold;
}

function moved(
  observation: Observation,
  before: LocationState,
  state: TargetState,
  ownTimeout: boolean,
): LocationState {
  const { failureThreshold } = state.policy?.alertConfig ?? DEFAULT_ALERT_CONFIG;
  const { slot } = observation;
  if (observation.result === 'error') {
    return {
      ...before,
      consecutiveErrors: before.consecutiveErrors + 1,
      errorsSince: before.errorsSince ?? slot,
    };
  }
  const { errorsSince: _looking, ...watched } = before;
  const seen = { ...watched, consecutiveErrors: 0 };
  if (observation.result === 'success') {
    const consecutiveSuccesses = before.consecutiveSuccesses + 1;
    const failing = before.failing && consecutiveSuccesses < successesNeeded(state, 'failure');
    const succeeding = {
      ...seen,
      consecutiveFailures: 0,
      consecutiveSuccesses,
      succeedingSince: before.succeedingSince ?? slot,
    };
    if (failing) return succeeding;
    const { failingSince: _over, ...recovered } = succeeding;
    return { ...recovered, failing: false, recent: [] };
  }
  const { succeedingSince: _broken, ...unbroken } = seen;
  const broken = { ...unbroken, consecutiveSuccesses: 0 };
  if (ownTimeout) return broken;
  const consecutiveFailures = before.consecutiveFailures + 1;
  return {
    ...broken,
    consecutiveFailures,
    failing: before.failing || consecutiveFailures >= failureThreshold,
    failingSince: before.failingSince ?? slot,
    recent: appended(before.recent, observation),
  };
}

function movedTimeouts(observation: Observation, state: TargetState, ownTimeout: boolean) {
  if (observation.result === 'success') return NO_TIMEOUTS;
  if (!ownTimeout) return state.timeouts;
  const { count: before, since, recent } = state.timeouts;
  return { count: before + 1, since: since ?? observation.slot, recent: appended(recent, observation) };
}

function lookedAtCertificate(observation: Observation, before: LocationState): LocationState {
  const { certificate } = observation;
  if (certificate === undefined) return before;
  const { expiringSince, ...fine } = before;
  if (certificate.daysRemaining > certificate.warnDays) return fine;
  return { ...fine, expiringSince: expiringSince ?? observation.slot };
}

function appended(recent: readonly Evidence[], observation: Observation): readonly Evidence[] {
  return [...recent, evidenceOf(observation)].slice(-MAX_EVIDENCE);
}

function withLocation(state: TargetState, name: string, location: LocationState): TargetState {
  return { ...state, locations: { ...state.locations, [name]: location } };
}
