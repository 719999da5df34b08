import {
  type Cause,
  createVerifier,
  type DecisionDifference,
  type JudgedBy,
  type LoggedAlert,
  type NotJudgedReason,
  type Verifier,
} from '@tocsin/alerting';
import { ALL_SHARDS, assertNever, type Instant, type Shard, shardOf } from '@tocsin/kernel';
import type { Difference } from './difference.js';
import type { SeenResult } from './result.js';

/** How events of the alert log were judged. */
export interface Judgement {
  reDecided: number;
  byEvidence: number;
  notJudged: number;
  readonly reasons: Partial<Record<NotJudgedReason, number>>;
  /** results of which nothing is decided yet */
  undecided: number;
  /** acknowledgements of alerts that had ended by then */
  acknowledgedTooLate: number;
}

export const noJudgement = (): Judgement => ({
  reDecided: 0,
  byEvidence: 0,
  notJudged: 0,
  reasons: {},
  undecided: 0,
  acknowledgedTooLate: 0,
});

export interface Decided {
  /** by shard, in the order of CONFIG; undefined when that is not at hand */
  readonly causes: ReadonlyMap<Shard, readonly Cause[]> | undefined;
  /** by shard, how many alert events come before the log of results last lost its tail */
  readonly historic: ReadonlyMap<Shard, number>;
  /** first sequence of RESULTS that is at hand */
  readonly resultsFrom: number;
  readonly knownSince: Instant | undefined;
  /** by shard, the last result that is decided */
  readonly decidedUntil: ReadonlyMap<Shard, number>;
  /** sequences of results that could not be folded */
  readonly putAside: ReadonlySet<number>;
  /** targets of results that were folded later than their turn */
  readonly uncertain: ReadonlySet<string>;
  readonly onJudged?: ((one: LoggedAlert, by: JudgedBy) => void) | undefined;
  readonly onDifference: (difference: Difference) => void;
}

/** The sixteen shards being decided again. */
export function createDecisions(decided: Decided) {
  const judgement = noJudgement();
  const verifiers = new Map<Shard, Verifier>();
  for (const shard of ALL_SHARDS)
    verifiers.set(
      shard,
      createVerifier({
        logged: [],
        historic: decided.historic.get(shard) ?? 0,
        causes: decided.causes === undefined ? undefined : (decided.causes.get(shard) ?? []),
        resultsFrom: decided.resultsFrom,
        knownSince: decided.knownSince,
        uncertain: decided.uncertain,
        onJudged: (one, by, reason) => {
          if (by === 're-decided') judgement.reDecided += 1;
          else if (by === 'evidence') judgement.byEvidence += 1;
          else judgement.notJudged += 1;
          if (reason !== undefined) judgement.reasons[reason] = (judgement.reasons[reason] ?? 0) + 1;
          decided.onJudged?.(one, by);
        },
        onDifference: (difference) => decided.onDifference(asTold(shard, difference)),
      }),
    );
  const verifierOf = (shard: Shard): Verifier => {
    const found = verifiers.get(shard);
    if (found === undefined) throw new Error(`no shard ${shard}`);
    return found;
  };

  return {
    judgement,
    append: (shard: Shard, logged: readonly LoggedAlert[]) => verifierOf(shard).append(logged),

    observe({ targetId, seen }: SeenResult, sequence: number): void {
      const shard = shardOf(targetId);
      if (sequence > (decided.decidedUntil.get(shard) ?? 0)) judgement.undecided += 1;
      else if (!decided.putAside.has(sequence)) verifierOf(shard).observe(targetId, seen, sequence);
    },

    finish(): void {
      for (const verifier of verifiers.values())
        judgement.acknowledgedTooLate += verifier.finish().acknowledgedTooLate;
    },
  };
}

export type Decisions = ReturnType<typeof createDecisions>;

function asTold(chain: Shard, difference: DecisionDifference): Difference {
  const { kind, place, targetId, eventId, field, expected, found } = difference;
  return {
    place: 'decisions',
    stream: 'ALERTS',
    chain,
    position: place,
    targetId,
    eventId,
    field,
    expected,
    found,
    kind: kind === 'missing' ? 'missing' : 'not_decided',
    sentence: sentenceOf(difference),
  };
}

function sentenceOf({ kind, type, cause, field, place }: DecisionDifference): string {
  const by = cause === undefined ? 'the rules' : `what ${cause} leads to by the rules`;
  const at = field === undefined || field === '' ? '' : `: ${field} differs`;
  switch (kind) {
    case 'missing':
      return `${type} should follow from ${cause ?? 'what came before'} and is not ${place === undefined ? 'on the log' : 'at this place'}`;
    case 'unexpected':
      return `${type} does not follow from ${cause ?? 'anything'}: the rules give no such event${at}`;
    case 'differs':
      return `${type} is not ${by}${at}`;
    case 'contradicted':
      return `${type} is not borne out by the evidence it carries, its alert and the policy in force${at}`;
    default:
      return assertNever(kind);
  }
}
