import { assertNever } from '@tocsin/kernel';
import type { AlertType, PolicyChanged, ResolveReason } from './alert.js';
import type { Decision } from './decision.js';
import { evolve } from './evolve.js';
import { parseQuorum } from './quorum.js';
import { resolution } from './resolution.js';
import {
  type AlertEvent,
  anyWatched,
  isExpiring,
  isQuorumMet,
  isUnobservable,
  openTypes,
  type TargetState,
} from './target-state.js';

/**
 * R8 and R10: the policy goes on the log, and closes what it ends. A stale or equal revision changes nothing.
 * @throws RangeError when the quorum is none
 */
export function decidePolicy(
  change: Omit<PolicyChanged, 'position'>,
  before: TargetState,
  position: number,
): Decision {
  if (before.policy !== undefined && change.policyRevision <= before.policy.policyRevision)
    return { events: [], state: before, reason: 'stale_revision' };
  parseQuorum(change.quorum);
  const policy: PolicyChanged = { ...change, position };
  const events: AlertEvent[] = [{ type: 'PolicyChanged', data: policy }];
  const after = evolve(before, events[0]!);
  for (const type of openTypes(before)) {
    const reason = closing(policy) ?? (outlives(type, before, after) ? undefined : 'superseded');
    if (reason === undefined) continue;
    const ending = { type, reason, resolvedAt: change.changedAt, evidence: [] };
    const event = resolution(after, policy, ending, position);
    if (event !== undefined) events.push(event);
  }
  return { events, state: events.reduce(evolve, before), reason: 'policy_changed' };
}

function closing(policy: PolicyChanged): ResolveReason | undefined {
  if (policy.deleted) return 'deleted';
  if (!policy.enabled) return 'paused';
  return policy.alertConfig.enabled ? undefined : 'disabled';
}

/** Whether an open episode of the type is one by the new policy too. */
function outlives(type: AlertType, before: TargetState, after: TargetState): boolean {
  const was = before.policy?.alertConfig;
  const is = after.policy?.alertConfig;
  switch (type) {
    case 'failure':
      return isQuorumMet(after);
    case 'timeout':
      return is?.alertOnTimeout === true;
    case 'success':
      return is?.alertOnSuccess === true;
    case 'ssl_expiring': {
      const dropped = was?.alertOnSslExpiration === true && is?.alertOnSslExpiration === false;
      return !dropped && anyWatched(after, isExpiring);
    }
    case 'unobservable':
      return anyWatched(after, isUnobservable);
    default:
      return assertNever(type);
  }
}
