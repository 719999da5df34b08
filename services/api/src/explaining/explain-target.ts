import {
  type ExplainedHistory,
  explainHistory,
  type HistoryStep,
  type KnownAlert,
  type PolicyChanged,
  seedAt,
} from '@tocsin/alerting';
import { subjects } from '@tocsin/contracts';
import type { NotTold, TargetExplanation } from '@tocsin/http-api';
import { addMs, type Instant } from '@tocsin/kernel';
import { inStream, NOWHERE, policyStep, resultPlace, resultSentence, type Step } from './steps.js';
import { RESULTS_LOOKED_AT, type TargetFacts } from './target-facts.store.js';

/** Steps shown of the results before the instant. */
const MOST_SHOWN = 10;

interface Stood {
  readonly code: string;
  readonly sentence: string;
}

/** How a monitor or job stood at an instant, and why there was an alert or none. */
export function explainTarget(facts: TargetFacts, notTold: readonly NotTold[]): TargetExplanation {
  const inForce = facts.policies.at(-1);
  const past = explainHistory(
    stepsOf(facts),
    seedAt(beginOf(facts), facts.alerts, inForce?.data.alertConfig.flapThreshold).seed,
  );
  const open = openAt(facts.alerts, facts.at);
  const stood = stoodAt(facts, past, inForce?.data, open);
  return {
    targetId: facts.targetId,
    targetKind: facts.targetKind,
    targetName: facts.targetName,
    at: facts.at,
    status: facts.status,
    sentence: stood.sentence,
    exact: isExact(facts),
    openAlerts: open.map(({ id }) => id),
    steps: [
      ...(inForce === undefined ? [] : [policyStep(inForce, facts.changedBy, facts.at)]),
      ...past.results.slice(-MOST_SHOWN).flatMap((one): Step[] => [
        {
          at: one.observation.finishedAt,
          what: 'result',
          code: one.observation.outcome,
          sentence: resultSentence(facts.targetKind, one.observation),
          ...resultPlace(facts, one.observation.eventId),
        },
        {
          at: one.observation.finishedAt,
          what: 'decision',
          code: one.explained.code,
          sentence: one.explained.sentence,
          ...NOWHERE,
          numbers: plain(one.explained.numbers),
        },
      ]),
      ...missedSteps(facts),
      ...differenceSteps(facts, past, open),
      { at: facts.at, what: 'state', ...stood, ...NOWHERE },
    ],
    notTold: [...notTold],
  };
}

const plain = (numbers: object): Record<string, number | string> =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));

const beginOf = ({ results, at }: TargetFacts): Instant => results[0]?.finishedAt ?? at;

function stepsOf(facts: TargetFacts): HistoryStep[] {
  const begin = beginOf(facts);
  const policies = facts.policies.map(({ data }) => data);
  const first = policies.findLast(({ changedAt }) => changedAt <= begin);
  const later = policies.filter(({ changedAt }) => changedAt > begin);
  const steps = [
    ...[...(first === undefined ? [] : [first]), ...later].map(({ position: _position, ...policy }) => ({
      at: policy.changedAt,
      step: { kind: 'policy' as const, policy },
    })),
    ...facts.results.map((observation) => ({
      at: observation.finishedAt,
      step: { kind: 'result' as const, observation },
    })),
  ];
  return steps.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))).map(({ step }) => step);
}

export const openAt = (alerts: readonly KnownAlert[], at: Instant): readonly KnownAlert[] =>
  alerts.filter(
    ({ raisedAt, resolvedAt }) => raisedAt <= at && (resolvedAt === undefined || resolvedAt > at),
  );

/**
 * Counters are certain once a success was seen after the first result looked at, or when nothing came before it: the
 * oldest there is may not be the oldest there was.
 */
function isExact({ results, policies }: TargetFacts): boolean {
  const [first] = results;
  if (first === undefined) return policies.length === 0;
  const locations = new Set(results.map(({ location }) => location));
  const isSettled = [...locations].every((name) =>
    results.some(({ location, result }) => location === name && result === 'success'),
  );
  const isWhole = results.length < RESULTS_LOOKED_AT && policies[0]?.data.policyRevision === 1;
  return isSettled || (isWhole && first.finishedAt >= (policies[0]?.time ?? first.finishedAt));
}

function stoodAt(
  facts: TargetFacts,
  past: ExplainedHistory,
  policy: PolicyChanged | undefined,
  open: readonly KnownAlert[],
): Stood {
  const { at } = facts;
  if (policy === undefined)
    return { code: 'no_policy', sentence: `At ${at} the alert rules did not know of it yet.` };
  const since = policy.changedAt;
  if (policy.deleted)
    return { code: 'deleted', sentence: `It had been deleted at ${since}: no alert could come of it.` };
  if (!policy.enabled)
    return {
      code: 'paused',
      sentence: `It was paused at ${since}: no check was due and no alert could come of it.`,
    };
  if (!policy.alertConfig.enabled)
    return {
      code: 'alerts_disabled',
      sentence: 'Its alerts were disabled: no alert could come of anything.',
    };
  const [alert] = open;
  if (alert !== undefined) return openStood(alert, policy, at);
  const last = past.results.at(-1);
  if (last === undefined)
    return {
      code: 'no_result',
      sentence: `No result of it is kept from before ${at}, and no alert was open.`,
    };
  const due = dueAfter(facts, last.observation.slot);
  const next =
    due === undefined
      ? ''
      : due > at
        ? ` The next check was due at ${due}.`
        : ` A check was due at ${due} and had not come.`;
  return { code: last.explained.code, sentence: `No alert was open. ${last.explained.sentence}${next}` };
}

function openStood(
  { type, raisedAt, untold, unmutedAt }: KnownAlert,
  policy: PolicyChanged,
  at: Instant,
): Stood {
  const begun = `An alert (${type}) was open since ${raisedAt}`;
  // The row forgets why it was not told once it is
  const untoldThen = unmutedAt === undefined ? untold : unmutedAt > at ? 'muted' : undefined;
  if (untoldThen === undefined) return { code: 'alert_open', sentence: `${begun}.` };
  const { mutedUntil } = policy.alertConfig;
  const why =
    untoldThen === 'muted'
      ? `muted${mutedUntil === undefined ? '' : ` until ${mutedUntil}`}`
      : 'alerts of its type are switched off';
  return { code: untoldThen, sentence: `${begun}, and nobody was told: ${why}.` };
}

const dueAfter = ({ intervalSeconds, isHeartbeat }: TargetFacts, slot: Instant): Instant | undefined =>
  intervalSeconds === null || isHeartbeat ? undefined : addMs(slot, intervalSeconds * 1_000);

const MISSED: Readonly<Record<string, string>> = {
  scheduler_was_down: 'the scheduler was down',
  still_running: 'the one before was still running',
  queue_full: 'too many were waiting',
};

/** Slots that passed without a check, where nothing came after them. */
function missedSteps({ missed, results, project, targetId, targetKind }: TargetFacts): Step[] {
  const last = results.at(-1)?.slot ?? '';
  return missed
    .filter(({ to }) => to > last)
    .map(({ id, from, to, count, reason }) => ({
      at: to,
      what: 'state',
      code: reason,
      sentence: `${count} ${targetKind === 'job' ? 'runs' : 'checks'} due from ${from} to ${to} were not made: ${MISSED[reason] ?? reason}. What was not looked at counts neither way.`,
      ...inStream('RESULTS', { id, subject: subjects.result(project, targetKind, targetId) }),
    }));
}

function differenceSteps(facts: TargetFacts, past: ExplainedHistory, open: readonly KnownAlert[]): Step[] {
  const known = new Set(open.map(({ id }) => id));
  const folded = Object.values(past.state.episodes).map(({ alertId }) => alertId);
  if (folded.length === known.size && folded.every((id) => known.has(id))) return [];
  return [
    {
      at: facts.at,
      what: 'state',
      code: 'differs_from_history',
      sentence:
        'The results that are kept do not lead to the alerts that were open: results came in another order then, or are no longer kept. The alerts are those of the log.',
      ...NOWHERE,
    },
  ];
}
