import type { Instant } from '@tocsin/kernel';
import type { PolicyChanged } from './alert.js';
import type { Acknowledgement } from './decide-acknowledgement.js';
import { evolve } from './evolve.js';
import type { FieldDifference } from './first-difference.js';
import { type AlertEvent, INITIAL_TARGET_STATE, type TargetState } from './target-state.js';
import { EVERYTHING, type Knowledge, NOTHING } from './verify-knowledge.js';

/** An event of the alert log at its place in the chain of its shard. */
export interface LoggedAlert {
  readonly place: number;
  readonly eventId: string;
  readonly event: AlertEvent;
  /** when it came to be true */
  readonly at: Instant;
}

/** A configuration that the evaluator has folded, in the order of CONFIG. */
export type Cause =
  | {
      readonly kind: 'policy';
      readonly eventId: string;
      readonly targetId: string;
      readonly revision: number;
      readonly change: (known: PolicyChanged | undefined) => Omit<PolicyChanged, 'position'>;
    }
  | {
      readonly kind: 'acknowledgement';
      readonly eventId: string;
      readonly targetId: string;
      readonly given: Acknowledgement;
    };

export type JudgedBy =
  /** the rules gave the same event again */
  | 're-decided'
  /** the results are gone, or some before them: what the event carries bears it out */
  | 'evidence'
  | 'not-judged';

export type NotJudgedReason = 'after_a_difference' | 'result_put_aside';

export interface DecisionDifference extends Partial<FieldDifference> {
  readonly kind: 'differs' | 'missing' | 'unexpected' | 'contradicted';
  readonly targetId: string;
  /** in the chain; absent for what is missing at its end */
  readonly place?: number | undefined;
  readonly eventId?: string | undefined;
  readonly type: AlertEvent['type'];
  /** the result or the configuration that decides */
  readonly cause?: string | undefined;
}

export interface ShardLog {
  /** in the order of the chain; more may be appended on the way */
  readonly logged: readonly LoggedAlert[];
  /** how many of all that will be logged come before the log of results last lost its tail; looked for when absent */
  readonly historic?: number | undefined;
  /** undefined when CONFIG is not at hand: policies are then taken as the log has them */
  readonly causes: readonly Cause[] | undefined;
  /** first sequence of RESULTS that is at hand; Infinity for none */
  readonly resultsFrom: number;
  /** results of slots up to here may be missing; undefined when there are all since the beginning */
  readonly knownSince: Instant | undefined;
  /** targets of which a result was put aside and folded later, nobody knows when */
  readonly uncertain?: ReadonlySet<string>;
  readonly onJudged?: (logged: LoggedAlert, by: JudgedBy, reason?: NotJudgedReason) => void;
  /** called once for a target, with the first */
  readonly onDifference: (difference: DecisionDifference) => void;
}

export type PolicyCause = Extract<Cause, { kind: 'policy' }>;
export type AcknowledgementCause = Extract<Cause, { kind: 'acknowledgement' }>;

/** A target as far as it was judged. */
export interface Target {
  readonly id: string;
  state: TargetState;
  knowledge: Knowledge;
  /** a result of it was folded nobody knows when */
  readonly isUncertain: boolean;
  /** nothing after the first difference can be judged */
  isLost: boolean;
  /** of CONFIG, and how many of them are on the log or were stale */
  readonly policies: PolicyCause[];
  nextPolicy: number;
  readonly acknowledgements: AcknowledgementCause[];
}

/** The log being walked, and what was found on the way. */
export function createWalk(given: ShardLog) {
  const { causes, knownSince, uncertain, onJudged, onDifference } = given;
  const targets = new Map<string, Target>();
  const historic = given.historic ?? beforeLastRegression(given.logged);
  const logged = [...given.logged];
  let taken = 0;
  let next = 0;

  function targetOf(id: string): Target {
    const found = targets.get(id);
    if (found !== undefined) return found;
    const isUncertain = uncertain?.has(id) === true;
    const target: Target = {
      id,
      state: INITIAL_TARGET_STATE,
      knowledge: knownSince === undefined && !isUncertain ? EVERYTHING : NOTHING,
      isUncertain,
      isLost: false,
      policies: [],
      nextPolicy: 0,
      acknowledgements: [],
    };
    targets.set(id, target);
    return target;
  }
  for (const cause of causes ?? []) {
    const target = targetOf(cause.targetId);
    if (cause.kind === 'policy') target.policies.push(cause);
    else target.acknowledgements.push(cause);
  }

  function differ(target: Target, difference: Omit<DecisionDifference, 'targetId'>): void {
    if (target.isLost) return;
    target.isLost = true;
    onDifference({ targetId: target.id, ...difference });
  }

  return {
    targets,
    targetOf,
    differ,
    head: () => logged[next],
    /** the head is from before the log of results lost its tail */
    isHistoric: () => taken < historic,
    append: (more: readonly LoggedAlert[]) => {
      logged.splice(0, next);
      next = 0;
      for (const one of more) logged.push(one);
    },
    advance: () => {
      next += 1;
      taken += 1;
    },
    mayBeOlder: (at: Instant) => knownSince !== undefined && at <= knownSince,

    /** Says what differs and how it was judged, and goes on with what the log says. */
    settle(target: Target, one: LoggedAlert, by: JudgedBy, found?: Found): void {
      if (found !== undefined)
        differ(target, { place: one.place, eventId: one.eventId, type: one.event.type, ...found });
      onJudged?.(one, by);
      // What differs may be anything
      if (found === undefined) target.state = evolve(target.state, one.event);
    },

    skip(target: Target, one: LoggedAlert, reason: NotJudgedReason): void {
      onJudged?.(one, 'not-judged', reason);
      if (!target.isLost) target.state = evolve(target.state, one.event);
    },

    miss(target: Target, event: AlertEvent, cause: string | undefined): void {
      const place = logged[next]?.place;
      differ(target, { kind: 'missing', place, type: event.type, cause, expected: event.data });
    },
  };
}

export type Walk = ReturnType<typeof createWalk>;

/** What is wrong with an event. */
export type Found = FieldDifference & Pick<DecisionDifference, 'kind' | 'cause'>;

/** What differs as a finding; nothing when nothing does. */
export function finding(
  kind: DecisionDifference['kind'],
  difference: FieldDifference | undefined,
  cause?: string,
): Found | undefined {
  return difference === undefined ? undefined : { kind, ...difference, cause };
}

/** Where the log of results once lost its tail, sequences went backwards: what was logged before has no results any more. */
function beforeLastRegression(logged: readonly LoggedAlert[]): number {
  for (let at = logged.length - 1; at > 0; at -= 1)
    if ((logged[at]?.event.data.position ?? 0) < (logged[at - 1]?.event.data.position ?? 0)) return at;
  return 0;
}
