import { ALERT_TYPES, type AlertType, type PolicyChanged } from './alert.js';
import { decidePolicy } from './decide-policy.js';
import { firstDifference } from './first-difference.js';
import { parseQuorum } from './quorum.js';
import type { AlertEvent } from './target-state.js';
import { endContradiction } from './verify-evidence.js';
import { EVERYTHING, isTypeKnown, learnFromPolicy } from './verify-knowledge.js';
import {
  finding,
  type LoggedAlert,
  type PolicyCause,
  type ShardLog,
  type Target,
  type Walk,
} from './verify-log.js';

type End = Extract<AlertEvent, { type: 'AlertResolved' }>;

/** Judges a policy by its configuration, and what it ended by the rules. Call with the log standing behind it. */
export function takePolicy(
  walk: Walk,
  { causes, resultsFrom }: ShardLog,
  one: LoggedAlert,
  data: PolicyChanged,
  isHistoric: boolean,
): void {
  const target = walk.targetOf(data.target.id);
  const before = target.state;
  const { position, ...asLogged } = data;
  const cause = causes === undefined ? undefined : nextPolicyOf(target);
  const by = causes === undefined ? 'evidence' : 're-decided';
  if (causes !== undefined && cause === undefined) {
    const expected = 'none: CONFIG has no such configuration';
    const found = { field: 'policyRevision', expected, found: data.policyRevision };
    walk.settle(target, one, by, finding('unexpected', found));
    return;
  }
  if (!isQuorum(data.quorum)) {
    const found = { field: 'quorum', expected: 'a quorum', found: data.quorum };
    walk.settle(target, one, by, finding('contradicted', found));
    return;
  }
  const { events } = decidePolicy(cause?.change(before.policy) ?? asLogged, before, position);
  const [expected, ...ends] = events;
  const revision = `above ${before.policy?.policyRevision ?? 0}`;
  const difference =
    expected === undefined
      ? { field: 'policyRevision', expected: revision, found: data.policyRevision }
      : firstDifference(expected.data, data);
  const isAllSeen = !isHistoric && position >= resultsFrom - 1 && !walk.mayBeOlder(data.changedAt);
  if (before.policy === undefined && isAllSeen && !target.isUncertain) target.knowledge = EVERYTHING;
  walk.settle(target, one, by, finding('differs', difference, cause?.eventId));
  if (!target.isUncertain) target.knowledge = learnFromPolicy(target.knowledge, target.state, isAllSeen);
  takeEnds(
    walk,
    target,
    ends.filter((end) => end.type === 'AlertResolved'),
    data,
    cause?.eventId,
  );
}

/** The policy that follows the one in force, passing over those that are stale. */
export function nextPolicyOf(target: Target): PolicyCause | undefined {
  const known = target.state.policy?.policyRevision ?? 0;
  for (;;) {
    const cause = target.policies[target.nextPolicy];
    if (cause === undefined) return undefined;
    target.nextPolicy += 1;
    if (cause.revision > known) return cause;
  }
}

function takeEnds(
  walk: Walk,
  target: Target,
  expected: readonly End[],
  policy: PolicyChanged,
  cause: string | undefined,
): void {
  const waiting = [...expected];
  let last = -1;
  const atPolicy = target.state;
  const isCertain = (type: AlertType) =>
    type === 'timeout' || type === 'success' || isTypeKnown(type, atPolicy, target.knowledge);
  for (let one = walk.head(); one !== undefined; one = walk.head()) {
    const { event } = one;
    if (event.type !== 'AlertResolved' || event.data.target.id !== target.id) break;
    if (event.data.evidence.length > 0 || event.data.position !== policy.position) break;
    walk.advance();
    const { type } = event.data;
    const isInOrder = ALERT_TYPES.indexOf(type) > last;
    last = ALERT_TYPES.indexOf(type);
    const at = isInOrder ? waiting.findIndex((end) => end.data.type === type) : -1;
    const [end] = at === -1 ? [] : waiting.splice(at, 1);
    const goesOn = { field: 'reason', expected: 'none: it goes on', found: event.data.reason };
    if (target.isLost) walk.skip(target, one, 'after_a_difference');
    else if (!isCertain(type) && isInOrder) {
      const contradicted = endContradiction(event.data, policy, target.state);
      walk.settle(target, one, 'evidence', finding('contradicted', contradicted));
    } else if (end === undefined) walk.settle(target, one, 're-decided', finding('unexpected', goesOn));
    else {
      const difference = firstDifference(end.data, event.data);
      walk.settle(target, one, 're-decided', finding('differs', difference, cause));
    }
  }
  const missing = waiting.find((end) => isCertain(end.data.type));
  if (missing !== undefined) walk.miss(target, missing, cause);
}

function isQuorum(text: string): boolean {
  try {
    parseQuorum(text);
    return true;
  } catch {
    return false;
  }
}
