import { assertNever } from '@tocsin/kernel';
import type { AlertType, PolicyChanged } from './alert.js';
import { successesNeeded } from './count.js';
import { type Observation, RUN_LOCATION } from './observation.js';
import { isCounting, type TargetState, watchedLocations } from './target-state.js';

/** Which of a location's counters are known to be what they were when the evaluator decided. */
interface Known {
  readonly failures: boolean;
  readonly successes: boolean;
  readonly errors: boolean;
  readonly certificate: boolean;
}

const ALL: Known = { failures: true, successes: true, errors: true, certificate: true };
const NONE: Known = { failures: false, successes: false, errors: false, certificate: false };

/** What is known of a target of which only the end of the history is kept. It grows with every result. */
export interface Knowledge {
  readonly locations: ReadonlyMap<string, Known>;
  /** of a location that is not listed */
  readonly others: Known;
  readonly timeouts: boolean;
}

export const EVERYTHING: Knowledge = { locations: new Map(), others: ALL, timeouts: true };
export const NOTHING: Knowledge = { locations: new Map(), others: NONE, timeouts: false };

const knownOf = (knowledge: Knowledge, location: string): Known =>
  knowledge.locations.get(location) ?? knowledge.others;

const withLocation = (knowledge: Knowledge, location: string, known: Known): Knowledge => ({
  ...knowledge,
  locations: new Map(knowledge.locations).set(location, known),
});

/** Whether all that a decision about the type looks at is known. */
export function isTypeKnown(type: AlertType, state: TargetState, knowledge: Knowledge): boolean {
  if (knowledge === EVERYTHING || state.policy?.alertConfig.enabled !== true || !isCounting(state.policy))
    return true;
  // Where none is named, one that has not been seen again may count
  const names = isNamed(state.policy) ? watchedLocations(state) : [RUN_LOCATION, ...watchedLocations(state)];
  const everywhere = (part: keyof Known) => names.every((name) => knownOf(knowledge, name)[part]);
  switch (type) {
    case 'failure':
      return everywhere('failures');
    case 'ssl_expiring':
      return everywhere('certificate');
    case 'unobservable':
      return everywhere('errors');
    case 'success':
      return knownOf(knowledge, RUN_LOCATION).successes;
    case 'timeout':
      return knowledge.timeouts && knownOf(knowledge, RUN_LOCATION).successes;
    default:
      return assertNever(type);
  }
}

/** What a result that surely counted tells. @param after its state, counted */
export function learn(
  knowledge: Knowledge,
  seen: Observation,
  before: TargetState,
  after: TargetState,
): Knowledge {
  if (knowledge === EVERYTHING) return knowledge;
  const known = knownOf(knowledge, seen.location);
  const now = { ...known };
  if (seen.certificate !== undefined && seen.certificate.daysRemaining > seen.certificate.warnDays)
    now.certificate = true;
  if (seen.result !== 'error') now.errors = true;
  if (seen.result === 'failure' || seen.result === 'timeout') now.successes = true;
  const inARow = after.locations[seen.location]?.consecutiveSuccesses ?? 0;
  if (seen.result === 'success' && inARow >= successesNeeded(before, 'failure')) now.failures = true;
  const timeouts = knowledge.timeouts || seen.result === 'success';
  const isSame =
    now.failures === known.failures &&
    now.successes === known.successes &&
    now.errors === known.errors &&
    now.certificate === known.certificate &&
    timeouts === knowledge.timeouts;
  return isSame ? knowledge : { ...withLocation(knowledge, seen.location, now), timeouts };
}

/** After a result of which nobody can say whether it counted. */
export function forget(knowledge: Knowledge, location: string): Knowledge {
  return { ...withLocation(knowledge, location, NONE), timeouts: false };
}

/**
 * What a policy sets to zero is known. What it goes on watching is no better known than before.
 * @param isAllSeen every result after the policy is at hand
 */
export function learnFromPolicy(knowledge: Knowledge, after: TargetState, isAllSeen: boolean): Knowledge {
  if (knowledge === EVERYTHING) return knowledge;
  const { policy } = after;
  if (!isCounting(policy)) return { locations: new Map(), others: ALL, timeouts: true };
  const keepsTimeouts = policy?.alertConfig.alertOnTimeout === true;
  const timeouts = !keepsTimeouts || (isAllSeen && knowledge.timeouts);
  const before = isAllSeen ? knowledge : NOTHING;
  if (!isNamed(policy)) return { locations: before.locations, others: before.others, timeouts };
  const watched = watchedLocations(after).map((name) => [name, knownOf(before, name)] as const);
  return { locations: new Map(watched), others: ALL, timeouts };
}

const isNamed = (policy: PolicyChanged | undefined) =>
  policy?.target.kind === 'monitor' && policy.locations.length > 0;
