import { derivedId, msBetween } from '@tocsin/kernel';
import type {
  AlertType,
  Evidence,
  PolicyChanged,
  RaiseReason,
  ResolveReason,
  Severity,
  UntoldReason,
} from './alert.js';
import { count, isOwnTimeout, successesNeeded } from './count.js';
import type { Decision } from './decision.js';
import { evolve } from './evolve.js';
import { evidenceOf, type Observation } from './observation.js';
import { failingNeeded, parseQuorum } from './quorum.js';
import {
  type AlertEvent,
  failingLocations,
  openTypes,
  type TargetState,
  watchedLocations,
} from './target-state.js';

const SSL_RAISE_EVERY_MS = 86_400_000;
const ERRORS_UNTIL_UNOBSERVABLE = 5;
const SEVERITY: Record<AlertType, Severity> = {
  failure: 'error',
  timeout: 'error',
  ssl_expiring: 'warning',
  unobservable: 'warning',
  success: 'success',
};

/** @param position last RESULTS sequence folded in the target's shard */
export function decideAlert(seen: Observation, before: TargetState, position: number): Decision {
  const counted = count(seen, before);
  if (!counted.counted) return { events: [], state: counted.state, reason: counted.reason };
  let state = counted.state;
  const policy = state.policy;
  if (policy === undefined) return { events: [], state, reason: 'no_policy' };
  if (!policy.alertConfig.enabled) return { events: [], state, reason: 'alerts_disabled' };
  const config = policy.alertConfig;
  const events: AlertEvent[] = [];
  const emit = (event: AlertEvent) => {
    events.push(event);
    state = evolve(state, event);
  };
  const here = state.locations[seen.location]!;
  const watched = watchedLocations(state);
  const failing = failingLocations(state);
  const muted = config.mutedUntil !== undefined && seen.finishedAt < config.mutedUntil;
  const bad = (
    type: AlertType,
    reached: boolean,
    since: string | undefined,
    evidence: readonly Evidence[],
    reason: RaiseReason,
    locations: readonly string[],
    unwanted?: UntoldReason,
  ) => {
    const open = state.episodes[type];
    const common = base(policy, type, position);
    if (open === undefined && reached) {
      const untold = unwanted ?? (muted ? 'muted' : undefined);
      const alertId = derivedId('alert', policy.target.id, type, seen.slot, seen.location);
      emit({
        type: 'AlertRaised',
        data: {
          alertId,
          ...common,
          reason,
          raisedAt: seen.finishedAt,
          since: since ?? seen.slot,
          locations,
          evidence,
          ...(untold === undefined ? {} : { untold }),
        },
      });
    } else if (open?.untold === 'muted' && !muted && unwanted === undefined) {
      emit({
        type: 'AlertUnmuted',
        data: {
          alertId: open.alertId,
          ...common,
          raisedAt: open.raisedAt,
          unmutedAt: seen.finishedAt,
          since: open.since,
          evidence,
        },
      });
    }
  };
  const end = (type: AlertType, reason: ResolveReason) => {
    const event = resolution(state, policy, type, reason, seen.finishedAt, [evidenceOf(seen)], position);
    if (event !== undefined) emit(event);
  };
  const proof = [evidenceOf(seen)];
  if (seen.result === 'error') {
    bad(
      'unobservable',
      here.consecutiveErrors >= ERRORS_UNTIL_UNOBSERVABLE,
      here.errorsSince,
      proof,
      'not_observable',
      [seen.location],
    );
  } else if (
    watched.every((name) => (state.locations[name]?.consecutiveErrors ?? 0) < ERRORS_UNTIL_UNOBSERVABLE)
  ) {
    end('unobservable', 'recovered');
  }
  if (seen.certificate !== undefined) {
    const rested =
      state.sslRaisedAt === undefined || msBetween(state.sslRaisedAt, seen.finishedAt) >= SSL_RAISE_EVERY_MS;
    if (here.expiringSince !== undefined)
      bad(
        'ssl_expiring',
        rested,
        here.expiringSince,
        proof,
        'certificate_expiring',
        [seen.location],
        config.alertOnSslExpiration ? undefined : 'type_not_wanted',
      );
    else if (watched.every((name) => state.locations[name]?.expiringSince === undefined))
      end('ssl_expiring', 'recovered');
  }
  if (seen.result === 'error') return { events, state, reason: 'not_counted_error' };
  const quorumMet = failing.length >= failingNeeded(parseQuorum(policy.quorum), watched.length);
  const wasOpen = state.episodes.failure !== undefined || state.episodes.timeout !== undefined;
  if (seen.result === 'success') {
    if (!quorumMet) end('failure', 'recovered');
    if (here.consecutiveSuccesses >= successesNeeded(state, 'timeout')) end('timeout', 'recovered');
    const closed = wasOpen && state.episodes.failure === undefined && state.episodes.timeout === undefined;
    if (policy.target.kind === 'job' && config.alertOnSuccess)
      bad(
        'success',
        here.consecutiveSuccesses >= config.recoveryThreshold,
        here.succeedingSince,
        proof,
        'threshold_reached',
        [seen.location],
      );
    return { events, state, reason: closed ? 'recovered' : wasOpen ? 'recovering' : 'nothing_new' };
  }
  end('success', 'ended');
  const type = isOwnTimeout(seen, state) ? 'timeout' : 'failure';
  const open = state.episodes[type] !== undefined;
  if (type === 'timeout')
    bad(
      type,
      state.timeouts.count >= config.failureThreshold,
      state.timeouts.since,
      state.timeouts.recent,
      'threshold_reached',
      [seen.location],
    );
  else {
    const since = failing.map((name) => state.locations[name]?.failingSince ?? seen.slot).toSorted()[0];
    const evidence = failing
      .flatMap((name) => state.locations[name]?.recent ?? [])
      .toSorted((a, b) => (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : 0))
      .slice(-10);
    bad(
      type,
      quorumMet && here.consecutiveFailures >= config.failureThreshold,
      since,
      evidence,
      'threshold_reached',
      failing,
      config.alertOnFailure ? undefined : 'failure_not_wanted',
    );
  }
  return {
    events,
    state,
    reason: open ? 'still_open' : state.episodes[type] ? 'threshold_reached' : 'below_threshold',
  };
}

/** R8 and R10: the policy goes on the log, and closes what it ends. A stale or equal revision changes nothing. */
export function decidePolicy(
  change: Omit<PolicyChanged, 'position'>,
  before: TargetState,
  position: number,
): Decision {
  if (before.policy !== undefined && change.policyRevision <= before.policy.policyRevision)
    return { events: [], state: before, reason: 'stale_revision' };
  parseQuorum(change.quorum);
  const policy: PolicyChanged = { ...change, position };
  const reason = change.deleted
    ? 'deleted'
    : change.enabled
      ? change.alertConfig.enabled
        ? undefined
        : 'disabled'
      : 'paused';
  const events: AlertEvent[] = [{ type: 'PolicyChanged', data: policy }];
  for (const type of reason === undefined ? [] : openTypes(before)) {
    const event = resolution(before, policy, type, reason!, change.changedAt, [], position);
    if (event !== undefined) events.push(event);
  }
  return { events, state: events.reduce(evolve, before), reason: 'policy_changed' };
}

function resolution(
  state: TargetState,
  policy: PolicyChanged,
  type: AlertType,
  reason: ResolveReason,
  resolvedAt: string,
  evidence: readonly Evidence[],
  position: number,
): AlertEvent | undefined {
  const open = state.episodes[type];
  if (open === undefined) return undefined;
  return {
    type: 'AlertResolved',
    data: {
      alertId: open.alertId,
      ...base(policy, type, position),
      reason,
      raisedAt: open.raisedAt,
      resolvedAt,
      durationMs: Math.max(0, msBetween(open.raisedAt, resolvedAt)),
      evidence,
      recoveryWanted: policy.alertConfig.alertOnRecovery,
      ...(open.untold === undefined ? {} : { raiseUntold: open.untold }),
    },
  };
}

function base(policy: PolicyChanged, type: AlertType, position: number) {
  const { project, target, policyRevision, alertConfig } = policy;
  return {
    project,
    target,
    type,
    severity: SEVERITY[type],
    policyRevision,
    providers: alertConfig.notificationProviders,
    customMessage: alertConfig.customMessage,
    position,
  };
}
