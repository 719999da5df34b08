import { msBetween } from '@tocsin/kernel';
import type { PolicyChanged } from './alert.js';
import { count, isOwnTimeout, MAX_EVIDENCE, successesNeeded } from './count.js';
import { type Course, createCourse } from './course.js';
import type { Decision, DecisionReason } from './decision.js';
import type { Observation } from './observation.js';
import {
  anyWatched,
  failingLocations,
  isExpiring,
  isQuorumMet,
  isUnobservable,
  type LocationState,
  type TargetState,
} from './target-state.js';

export const SSL_RAISE_EVERY_MS = 86_400_000;

/** A result with what it was counted into. */
interface Counted {
  readonly seen: Observation;
  readonly state: TargetState;
  readonly here: LocationState;
  readonly policy: PolicyChanged;
}

/** R1 to R9 and R11: what a result does. @param position last RESULTS sequence folded in the target's shard */
export function decideAlert(seen: Observation, before: TargetState, position: number): Decision {
  const counted = count(seen, before);
  const { state } = counted;
  if (!counted.counted) return { events: [], state, reason: counted.reason };
  const { policy } = state;
  if (policy === undefined) return { events: [], state, reason: 'no_policy' };
  if (!policy.alertConfig.enabled) return { events: [], state, reason: 'alerts_disabled' };
  const course = createCourse(seen, state, policy, position);
  const result: Counted = { seen, state, here: state.locations[seen.location]!, policy };
  onSight(result, course);
  onCertificate(result, course);
  const reason = onResult(result, course);
  return { events: course.events, state: course.state(), reason };
}

function onResult(result: Counted, course: Course): DecisionReason {
  if (result.seen.result === 'error') return 'not_counted_error';
  if (result.seen.result === 'success') return onSuccess(result, course);
  course.end('success', 'ended');
  return isOwnTimeout(result.seen, result.state) ? onTimeout(result, course) : onFailure(result, course);
}

/** R7: too often unable to look is an alert about us. */
function onSight({ seen, state, here }: Counted, course: Course): void {
  if (seen.result === 'error')
    course.trouble({
      type: 'unobservable',
      reached: isUnobservable(here),
      since: here.errorsSince,
      reason: 'not_observable',
      locations: [seen.location],
    });
  else if (!anyWatched(state, isUnobservable)) course.end('unobservable', 'recovered');
}

function onCertificate({ seen, state, here, policy }: Counted, course: Course): void {
  if (seen.certificate === undefined) return;
  const { sslRaisedAt } = state;
  if (isExpiring(here))
    course.trouble({
      type: 'ssl_expiring',
      reached: sslRaisedAt === undefined || msBetween(sslRaisedAt, seen.finishedAt) >= SSL_RAISE_EVERY_MS,
      since: here.expiringSince,
      reason: 'certificate_expiring',
      locations: [seen.location],
      unwanted: policy.alertConfig.alertOnSslExpiration ? undefined : 'type_not_wanted',
    });
  else if (!anyWatched(state, isExpiring)) course.end('ssl_expiring', 'recovered');
}

function onSuccess({ seen, state, here, policy }: Counted, course: Course): DecisionReason {
  const wasOpen = course.isOpen('failure') || course.isOpen('timeout');
  if (!isQuorumMet(state)) course.end('failure', 'recovered');
  if (here.consecutiveSuccesses >= successesNeeded(state, 'timeout')) course.end('timeout', 'recovered');
  const isOpen = course.isOpen('failure') || course.isOpen('timeout');
  if (policy.target.kind === 'job' && policy.alertConfig.alertOnSuccess)
    course.trouble({
      type: 'success',
      reached: here.consecutiveSuccesses >= policy.alertConfig.recoveryThreshold,
      since: here.succeedingSince,
      reason: 'threshold_reached',
      locations: [seen.location],
    });
  if (!wasOpen) return 'nothing_new';
  return isOpen ? 'recovering' : 'recovered';
}

function onTimeout({ seen, state, policy }: Counted, course: Course): DecisionReason {
  const wasOpen = course.isOpen('timeout');
  course.trouble({
    type: 'timeout',
    reached: state.timeouts.count >= policy.alertConfig.failureThreshold,
    since: state.timeouts.since,
    reason: 'threshold_reached',
    locations: [seen.location],
    evidence: state.timeouts.recent,
  });
  return reasonOf(wasOpen, course.isOpen('timeout'));
}

function onFailure({ seen, state, here, policy }: Counted, course: Course): DecisionReason {
  const wasOpen = course.isOpen('failure');
  const { failureThreshold, alertOnFailure } = policy.alertConfig;
  const locations = failingLocations(state);
  const failing = locations.map((name) => state.locations[name]!);
  course.trouble({
    type: 'failure',
    reached: isQuorumMet(state) && here.consecutiveFailures >= failureThreshold,
    since: failing.map(({ failingSince }) => failingSince ?? seen.slot).toSorted()[0],
    reason: 'threshold_reached',
    locations,
    evidence: failing
      .flatMap(({ recent }) => recent)
      .toSorted((a, b) => (a.slot < b.slot ? -1 : Number(a.slot > b.slot)))
      .slice(-MAX_EVIDENCE),
    unwanted: alertOnFailure ? undefined : 'failure_not_wanted',
  });
  return reasonOf(wasOpen, course.isOpen('failure'));
}

function reasonOf(wasOpen: boolean, isOpen: boolean): DecisionReason {
  if (wasOpen) return 'still_open';
  return isOpen ? 'threshold_reached' : 'below_threshold';
}
