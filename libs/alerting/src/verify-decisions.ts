import { count, recount } from './count.js';
import { decideAlert } from './decide-alert.js';
import { firstDifference } from './first-difference.js';
import { evidenceOf, type Observation } from './observation.js';
import { type AlertEvent, INITIAL_LOCATION, INITIAL_TARGET_STATE } from './target-state.js';
import { checkAcknowledgements, takeAcknowledgement } from './verify-acknowledgement.js';
import { contradiction, type ResultEvent } from './verify-evidence.js';
import { EVERYTHING, forget, isTypeKnown, learn } from './verify-knowledge.js';
import { createWalk, finding, type LoggedAlert, type ShardLog, type Target } from './verify-log.js';
import { nextPolicyOf, takePolicy } from './verify-policy.js';

/**
 * Decides the alert log of a shard again, merging its results with what was logged as the evaluator did: an event counts
 * after the result whose sequence it carries (R10). Touches nothing.
 */
export function createVerifier(log: ShardLog) {
  const walk = createWalk(log);

  /** Takes what counts before a result. */
  function takeBefore(sequence: number): void {
    for (let one = walk.head(); one !== undefined; one = walk.head()) {
      const isHistoric = walk.isHistoric();
      if (!isHistoric && one.event.data.position >= sequence) return;
      walk.advance();
      const target = walk.targetOf(one.event.data.target.id);
      const { type, data } = one.event;
      if (target.isLost) walk.skip(target, one, 'after_a_difference');
      else if (type === 'PolicyChanged') takePolicy(walk, log, one, data, isHistoric);
      else if (type === 'AlertAcknowledged') takeAcknowledgement(walk, log, one, data);
      else takeOrphan(target, one, one.event, isHistoric);
    }
  }

  /** An event of a result that is not at hand. */
  function takeOrphan(target: Target, one: LoggedAlert, event: ResultEvent, isHistoric: boolean): void {
    const { position } = event.data;
    if (target.isUncertain) takeUncertain(target, one);
    else if (isHistoric || position < log.resultsFrom || walk.mayBeOlder(one.at))
      walk.settle(target, one, 'evidence', finding('contradicted', contradiction(event, target.state)));
    else {
      const expected = `none: the result at ${position} did not lead to it`;
      const found = { field: 'position', expected, found: position };
      walk.settle(target, one, 're-decided', finding('unexpected', found));
    }
  }

  function takeUncertain(target: Target, one: LoggedAlert): void {
    if (contradiction(one.event as ResultEvent, target.state) === undefined)
      walk.settle(target, one, 'evidence');
    else walk.skip(target, one, 'result_put_aside');
  }

  /** Events of a result stand together, before whatever else counts from it on. */
  function takeOwn(targetId: string, sequence: number): LoggedAlert[] {
    const own: LoggedAlert[] = [];
    for (let one = walk.head(); one !== undefined && !walk.isHistoric(); one = walk.head()) {
      const { type, data } = one.event;
      const isOwn = type !== 'PolicyChanged' && type !== 'AlertAcknowledged' && data.target.id === targetId;
      if (!isOwn || data.position !== sequence) break;
      own.push(one);
      walk.advance();
    }
    return own;
  }

  function compare(
    target: Target,
    seen: Observation,
    decided: readonly AlertEvent[],
    found: readonly LoggedAlert[],
  ): void {
    const counted = target.state;
    const isCertain = (event: AlertEvent) =>
      'type' in event.data && isTypeKnown(event.data.type, counted, target.knowledge);
    const expected = decided.filter(isCertain);
    for (const one of found) {
      const event = one.event as ResultEvent;
      if (target.isLost) walk.skip(target, one, 'after_a_difference');
      else if (!isCertain(event)) takeByEvidence(target, seen, one);
      else {
        const wanted = expected.shift();
        const kind = wanted === undefined ? 'unexpected' : 'differs';
        const isSame = wanted?.type === event.type;
        const difference = isSame
          ? firstDifference(wanted.data, event.data)
          : { field: 'type', expected: wanted?.type ?? 'nothing', found: event.type };
        walk.settle(target, one, 're-decided', finding(kind, difference, seen.eventId));
      }
    }
    const [missing] = expected;
    if (missing !== undefined) walk.miss(target, missing, seen.eventId);
  }

  function takeByEvidence(target: Target, seen: Observation, one: LoggedAlert): void {
    const difference = contradiction(one.event as ResultEvent, target.state, evidenceOf(seen));
    walk.settle(target, one, 'evidence', finding('contradicted', difference, seen.eventId));
  }

  /** A result of a slot before which others may be missing: whether it counted, nobody can say. */
  function observeOlder(target: Target, seen: Observation, found: readonly LoggedAlert[]): void {
    for (const one of found) takeByEvidence(target, seen, one);
    const location = target.state.locations[seen.location];
    if (location?.lastSlot !== undefined && seen.slot <= location.lastSlot) return;
    const zero = { ...INITIAL_LOCATION, lastSlot: seen.slot };
    const locations = { ...target.state.locations, [seen.location]: zero };
    target.state = { ...target.state, locations, timeouts: INITIAL_TARGET_STATE.timeouts };
    target.knowledge = forget(target.knowledge, seen.location);
  }

  return {
    /** What comes next in the chain. All that counts before a result must be there when that is observed. */
    append: walk.append,

    /** Decides a result, and takes the events that it led to off the log. Call in the order of the stream. */
    observe(targetId: string, seen: Observation, sequence: number): void {
      takeBefore(sequence);
      const target = walk.targetOf(targetId);
      const found = takeOwn(targetId, sequence);
      if (target.isLost || target.isUncertain) {
        for (const one of found)
          if (target.isLost) walk.skip(target, one, 'after_a_difference');
          else takeUncertain(target, one);
        return;
      }
      if (target.knowledge !== EVERYTHING && walk.mayBeOlder(seen.slot)) {
        observeOlder(target, seen, found);
        return;
      }
      const before = target.state;
      const decision = decideAlert(seen, before, sequence);
      const isQuiet = decision.events.length === 0 && found.length === 0;
      target.state = isQuiet ? decision.state : recount(seen, before);
      if (target.knowledge !== EVERYTHING && count(seen, before).counted)
        target.knowledge = learn(target.knowledge, seen, before, target.state);
      if (!isQuiet) compare(target, seen, decision.events, found);
    },

    /** Takes what is left of the log, and says what should have been there. @returns acknowledgements that came too late */
    finish(): { readonly acknowledgedTooLate: number } {
      takeBefore(Number.POSITIVE_INFINITY);
      let acknowledgedTooLate = 0;
      for (const target of walk.targets.values()) {
        if (target.isLost) continue;
        const missing = nextPolicyOf(target);
        if (missing !== undefined) {
          const expected = missing.change(target.state.policy);
          walk.differ(target, { kind: 'missing', type: 'PolicyChanged', cause: missing.eventId, expected });
        }
        acknowledgedTooLate += checkAcknowledgements(walk, target);
      }
      return { acknowledgedTooLate };
    },
  };
}

export type Verifier = ReturnType<typeof createVerifier>;
