import { assertNever, derivedId, msBetween } from '@tocsin/kernel';
import type {
  AlertRaised,
  AlertResolved,
  AlertType,
  AlertUnmuted,
  Evidence,
  PolicyChanged,
  UntoldReason,
} from './alert.js';
import { MAX_EVIDENCE } from './count.js';
import { SSL_RAISE_EVERY_MS } from './decide-alert.js';
import { type FieldDifference, firstDifference } from './first-difference.js';
import { failingNeeded, parseQuorum } from './quorum.js';
import { alertBase, resolution } from './resolution.js';
import { type AlertEvent, isCounting, type TargetState } from './target-state.js';

/** An event of an alert that a result led to. */
export type ResultEvent = Extract<AlertEvent, { type: 'AlertRaised' | 'AlertUnmuted' | 'AlertResolved' }>;

const FAILING = ['down', 'failed', 'timeout'];
const SUCCEEDING = ['up', 'degraded', 'passed'];
const LOOKED = [...FAILING, ...SUCCEEDING];
/** Outcomes of which a trouble of the type is made, and those that end it. */
const MADE_OF: Record<AlertType, readonly string[]> = {
  failure: FAILING,
  timeout: ['timeout'],
  success: ['passed'],
  ssl_expiring: [...LOOKED, 'error'],
  unobservable: ['error'],
};
const ENDED_BY: Record<AlertType, readonly string[]> = {
  failure: SUCCEEDING,
  timeout: SUCCEEDING,
  success: FAILING,
  ssl_expiring: [...LOOKED, 'error'],
  unobservable: LOOKED,
};
const REASONS = {
  failure: 'threshold_reached',
  timeout: 'threshold_reached',
  success: 'threshold_reached',
  ssl_expiring: 'certificate_expiring',
  unobservable: 'not_observable',
} as const;

const differs = (field: string, expected: unknown, found: unknown): FieldDifference => ({
  field,
  expected,
  found,
});

/**
 * What contradicts an alert event that can no longer be decided anew: the evidence it carries, the episode it belongs to
 * and the policy in force must bear it out. @param decider the result that led to it, where that is at hand
 */
export function contradiction(
  event: ResultEvent,
  state: TargetState,
  decider?: Evidence,
): FieldDifference | undefined {
  const { policy } = state;
  const { data } = event;
  if (policy === undefined) return differs('policyRevision', undefined, data.policyRevision);
  if (!isCounting(policy) || !policy.alertConfig.enabled)
    return differs('type', 'no alert, for nothing is watched', data.type);
  const of = decider ?? carriedDecider(event);
  // More failed than the event carries: who decided is not among those
  if (of === undefined)
    return isCrowded(event) ? undefined : differs('evidence', 'what decided it', data.evidence);
  const expected = expectedOf(event, state, policy, of);
  if (expected === undefined) return differs('alertId', 'of an alert that was open', data.alertId);
  return (
    firstDifference(expected.data, data) ?? missing(event, decider) ?? shortage(event, policy, of, state)
  );
}

/** The result that decided it: the one that happened when the event came to be true. */
function carriedDecider(event: ResultEvent): Decider | undefined {
  const at = happened(event);
  const found = event.data.evidence.filter(({ finishedAt }) => finishedAt === at);
  if (event.type === 'AlertRaised') return found.find((one) => raisedId(event, one) === event.data.alertId);
  return found.at(-1) ?? (isTold(event) ? { slot: at, location: '', finishedAt: at } : undefined);
}

/** Told by a failure of a location that is not failing: it is no evidence of the alert. */
const isTold = ({ type, data }: ResultEvent) => type === 'AlertUnmuted' && data.type === 'failure';

function missing(event: ResultEvent, decider: Evidence | undefined): FieldDifference | undefined {
  if (decider === undefined || isCrowded(event) || isTold(event)) return undefined;
  const carried = event.data.evidence.some((one) => firstDifference(decider, one) === undefined);
  return carried ? undefined : differs('evidence', decider, event.data.evidence);
}

function happened(event: ResultEvent) {
  if (event.type === 'AlertRaised') return event.data.raisedAt;
  return event.type === 'AlertUnmuted' ? event.data.unmutedAt : event.data.resolvedAt;
}

type Decider = Pick<Evidence, 'slot' | 'location' | 'finishedAt'>;

const raisedId = ({ data }: { data: AlertRaised }, { slot, location }: Decider) =>
  derivedId('alert', data.target.id, data.type, slot, location);

const isCrowded = ({ type, data }: ResultEvent) =>
  type === 'AlertRaised' &&
  data.type === 'failure' &&
  data.evidence.length === MAX_EVIDENCE &&
  data.locations.length > 1;

function expectedOf(
  event: ResultEvent,
  state: TargetState,
  policy: PolicyChanged,
  decider: Decider,
): ResultEvent | undefined {
  const { position, type, evidence } = event.data;
  const open = state.episodes[type];
  const common = { ...alertBase(policy, type, position), evidence };
  switch (event.type) {
    case 'AlertRaised': {
      if (open !== undefined) return undefined;
      const untold = untoldOf(event.data, policy);
      const data = {
        ...common,
        alertId: raisedId(event, decider),
        reason: REASONS[type],
        raisedAt: decider.finishedAt,
        since:
          evidence.length < MAX_EVIDENCE && isStreak(type) ? (evidence[0]?.slot ?? '') : event.data.since,
        locations: event.data.locations,
        ...(untold === undefined ? {} : { untold }),
      };
      return { type: 'AlertRaised', data };
    }
    case 'AlertUnmuted': {
      if (open?.untold === undefined || untoldOf(event.data, policy) !== undefined) return undefined;
      const { alertId, raisedAt, since } = open;
      return {
        type: 'AlertUnmuted',
        data: { ...common, alertId, raisedAt, since, unmutedAt: decider.finishedAt },
      };
    }
    case 'AlertResolved': {
      const reason = type === 'success' ? 'ended' : 'recovered';
      const ending = { type, reason, resolvedAt: decider.finishedAt, evidence } as const;
      return resolution(state, policy, ending, position) as ResultEvent | undefined;
    }
    default:
      return assertNever(event);
  }
}

/** Whether its evidence is the streak that led to it, and not the last result alone. */
const isStreak = (type: AlertType) => type === 'failure' || type === 'timeout';

function untoldOf(
  data: AlertRaised | AlertUnmuted,
  { alertConfig }: PolicyChanged,
): UntoldReason | undefined {
  const at = 'unmutedAt' in data ? data.unmutedAt : data.raisedAt;
  if (data.type === 'failure' && !alertConfig.alertOnFailure) return 'failure_not_wanted';
  if (data.type === 'ssl_expiring' && !alertConfig.alertOnSslExpiration) return 'type_not_wanted';
  return alertConfig.mutedUntil !== undefined && at < alertConfig.mutedUntil ? 'muted' : undefined;
}

/** Evidence that does not suffice, or is of something else. */
function shortage(
  event: ResultEvent,
  policy: PolicyChanged,
  decider: Decider,
  state: TargetState,
): FieldDifference | undefined {
  const { data } = event;
  const fitting = event.type === 'AlertResolved' ? ENDED_BY[data.type] : MADE_OF[data.type];
  const misfit = data.evidence.findIndex(({ outcome }) => !fitting.includes(outcome));
  if (misfit !== -1)
    return differs(`evidence.${misfit}.outcome`, fitting.join(' or '), data.evidence[misfit]?.outcome);
  if (event.type === 'AlertResolved' || !isStreak(data.type))
    if (data.evidence.length !== 1) return differs('evidence.length', 1, data.evidence.length);
  if (data.evidence.length > MAX_EVIDENCE)
    return differs('evidence.length', MAX_EVIDENCE, data.evidence.length);
  if (event.type !== 'AlertRaised') return undefined;
  return unwantedType(event.data, policy) ?? raisedTooSoon(event.data, policy, decider, state);
}

function unwantedType({ type }: AlertRaised, { target, alertConfig }: PolicyChanged) {
  const isWanted =
    (type !== 'success' || (target.kind === 'job' && alertConfig.alertOnSuccess)) &&
    (type !== 'timeout' || (target.kind === 'job' && alertConfig.alertOnTimeout));
  return isWanted ? undefined : differs('type', 'one that the policy asks for', type);
}

function raisedTooSoon(
  data: AlertRaised,
  policy: PolicyChanged,
  decider: Decider,
  { sslRaisedAt }: TargetState,
): FieldDifference | undefined {
  const { alertConfig, target } = policy;
  const { evidence, locations, since } = data;
  const earliest = evidence[0]?.slot ?? decider.slot;
  if (since > earliest) return differs('since', `${earliest} or before`, since);
  if (data.type === 'ssl_expiring' && sslRaisedAt !== undefined)
    if (msBetween(sslRaisedAt, data.raisedAt) < SSL_RAISE_EVERY_MS)
      return differs('raisedAt', `a day after ${sslRaisedAt}`, data.raisedAt);
  const here = evidence.filter(({ location }) => location === decider.location).length;
  const isWhole = evidence.length < MAX_EVIDENCE || locations.length === 1;
  const needed = isStreak(data.type) ? Math.min(alertConfig.failureThreshold, MAX_EVIDENCE) : 1;
  if (isWhole && here < needed) return differs('evidence', `${needed} or more failures`, here);
  if (data.type !== 'failure') return firstDifference([decider.location], locations, 'locations');
  if (firstDifference([...new Set(locations)].toSorted(), locations) !== undefined)
    return differs('locations', 'each once, in order', locations);
  const watched = target.kind === 'monitor' && policy.locations.length > 0 ? policy.locations : locations;
  const strange = locations.find((name) => !watched.includes(name));
  if (strange !== undefined) return differs('locations', watched, strange);
  const silent = evidence.find(({ location }) => !locations.includes(location));
  if (silent !== undefined) return differs('locations', silent.location, locations);
  const quorum = failingNeeded(parseQuorum(policy.quorum), watched.length);
  return locations.length < quorum ? differs('locations', `${quorum} or more`, locations) : undefined;
}

/** What contradicts an end that a policy brought about. @param after with the policy in force */
export function endContradiction(
  data: AlertResolved,
  policy: PolicyChanged,
  state: TargetState,
): FieldDifference | undefined {
  const { type, position } = data;
  const ending = { type, reason: 'superseded', resolvedAt: policy.changedAt, evidence: [] } as const;
  const expected = resolution(state, policy, ending, position);
  if (expected === undefined) return differs('alertId', 'of an open alert', data.alertId);
  return firstDifference(expected.data, data);
}
