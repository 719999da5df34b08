import { assertNever, type Instant } from '@tocsin/kernel';
import { successesNeeded } from './count.js';
import type { Decision, DecisionReason } from './decision.js';
import type { Observation } from './observation.js';
import { DEFAULT_ALERT_CONFIG } from './policy.js';
import { failingNeeded, parseQuorum } from './quorum.js';
import { failingLocations, type TargetState, watchedLocations } from './target-state.js';

/** What the counters of the result's location, and those of the target, came to. */
export interface DecisionNumbers {
  readonly failures: number;
  readonly failureThreshold: number;
  readonly successes: number;
  readonly successesNeeded: number;
  readonly errors: number;
  readonly failingLocations: number;
  readonly locationsNeeded: number;
  readonly locations: number;
  readonly lastSlot?: Instant | undefined;
  readonly mutedUntil?: Instant | undefined;
}

export interface DecisionExplained {
  /** `quorum_not_met`: its own location failed often enough, but too few do */
  readonly code: DecisionReason | 'quorum_not_met';
  readonly sentence: string;
  readonly numbers: DecisionNumbers;
}

/** Why a result did what it did, or nothing. @param before as the rules knew the target when it came */
export function explainDecision(
  seen: Observation,
  before: TargetState,
  decision: Decision,
): DecisionExplained {
  const numbers = numbersOf(seen, before, decision.state);
  const code =
    decision.reason === 'below_threshold' && numbers.failures >= numbers.failureThreshold
      ? 'quorum_not_met'
      : decision.reason;
  return { code, numbers, sentence: sentenceOf(code, seen, numbers, decision.state) };
}

function numbersOf(seen: Observation, before: TargetState, after: TargetState): DecisionNumbers {
  const here = after.locations[seen.location];
  const config = after.policy?.alertConfig ?? DEFAULT_ALERT_CONFIG;
  const ownTimeouts = seen.result === 'timeout' && config.alertOnTimeout;
  const type = before.episodes.timeout === undefined ? 'failure' : 'timeout';
  const watched = watchedLocations(after).length;
  return {
    failures: ownTimeouts ? after.timeouts.count : (here?.consecutiveFailures ?? 0),
    failureThreshold: config.failureThreshold,
    successes: here?.consecutiveSuccesses ?? 0,
    successesNeeded: successesNeeded(before, type),
    errors: here?.consecutiveErrors ?? 0,
    failingLocations: failingLocations(after).length,
    locationsNeeded: failingNeeded(parseQuorum(after.policy?.quorum ?? ''), watched),
    locations: watched,
    lastSlot: before.locations[seen.location]?.lastSlot,
    ...(config.mutedUntil === undefined ? {} : { mutedUntil: config.mutedUntil }),
  };
}

function sentenceOf(
  code: DecisionExplained['code'],
  seen: Observation,
  n: DecisionNumbers,
  { policy, episodes }: TargetState,
): string {
  const thing = policy?.target.kind === 'job' ? 'run' : 'check';
  const open = episodes.failure ?? episodes.timeout;
  switch (code) {
    case 'cancelled':
      return 'The run was cancelled: it is as if it had never been.';
    case 'slot_already_counted':
      return `Slot already counted: the last one that was is ${n.lastSlot ?? seen.slot}, so this ${thing} is recorded and counts neither way.`;
    case 'paused':
      return `It was paused: the ${thing} is recorded and counts neither way.`;
    case 'deleted':
      return `It had been deleted: the ${thing} is recorded and counts neither way.`;
    case 'location_not_watched':
      return `${seen.location} was not among its locations: the check is recorded and counts neither way.`;
    case 'no_policy':
      return 'Its configuration was not known yet, so nothing could be decided.';
    case 'alerts_disabled':
      return `Alerts were disabled: the ${thing} counted, and no alert could come of it.`;
    case 'not_counted_error':
      return `The ${thing} could not be made, which says nothing about the target: it counts neither way. It is number ${n.errors} in a row.`;
    case 'below_threshold':
      return `Failure ${n.failures} of ${n.failureThreshold}: below the threshold.`;
    case 'quorum_not_met':
      return `Failure ${n.failures} of ${n.failureThreshold}, but only ${n.failingLocations} of ${n.locations} locations are failing and it takes ${n.locationsNeeded}.`;
    case 'threshold_reached':
      return `Failure ${n.failures} of ${n.failureThreshold}${places(n)}: an alert was raised${untoldAs(open?.untold, n)}.`;
    case 'still_open':
      return open?.untold === undefined
        ? 'The alert that is open goes on; nobody is told again.'
        : `The alert that is open goes on, untold${untoldAs(open.untold, n)}.`;
    case 'recovering':
      return `Success ${n.successes} of ${n.successesNeeded}${n.locations > 1 && n.failingLocations > 0 ? `, and ${n.failingLocations} of ${n.locations} locations are still failing` : ''}: the alert stays open.`;
    case 'recovered':
      return `Success ${n.successes} of ${n.successesNeeded}: the alert was resolved.`;
    case 'nothing_new':
      return 'It succeeded and no alert was open: there was nothing to tell.';
    case 'policy_changed':
      return 'The configuration changed.';
    case 'stale_revision':
      return 'A later revision of the configuration was known already.';
    case 'acknowledged':
      return 'Somebody said that they are on it.';
    case 'already_acknowledged':
      return 'Somebody had said already that they are on it.';
    case 'alert_not_open':
      return 'The alert was over already.';
    default:
      return assertNever(code);
  }
}

const places = ({ locations, failingLocations: failing, locationsNeeded: needed }: DecisionNumbers) =>
  locations > 1 ? ` and ${failing} of ${locations} locations failing, where it takes ${needed}` : '';

function untoldAs(untold: string | undefined, { mutedUntil }: DecisionNumbers): string {
  if (untold === undefined) return '';
  if (untold === 'muted')
    return ` but nobody was told: muted${mutedUntil === undefined ? '' : ` until ${mutedUntil}`}`;
  return untold === 'failure_not_wanted'
    ? ' but nobody was told: alerts on failure are switched off'
    : ' but nobody was told: this type of alert is switched off';
}
