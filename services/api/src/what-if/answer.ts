import {
  type AlertEpisode,
  createNights,
  createSum,
  type KnownAlert,
  type Period,
  type WhatIf,
} from '@tocsin/alerting';
import type { EpisodeView, WhatIfAnswer, WhatIfTarget } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';

/** What is known of one target when both pasts of it are folded. */
export interface TargetFolded {
  readonly target: { readonly id: string; readonly kind: 'monitor' | 'job'; readonly name: string };
  readonly folded: WhatIf;
  readonly alerts: readonly KnownAlert[];
  readonly coveredFrom: Instant | undefined;
  readonly exactFrom: Instant | undefined;
  readonly estimatedHours: number;
  readonly results: number;
  readonly resultsRead: number;
}

/** Alerts listed of each target; the numbers count them all. */
const MOST_LISTED = 50;
const NUMBERS = ['added', 'removed', 'changed', 'same'] as const;

/** Adds up what was folded, target after target. */
export function createAnswer(period: Period, timeZone: string) {
  const nights = createNights(timeZone);
  const names = nights.between(period.from, period.to);
  const before = createSum(period, nights);
  const after = createSum(period, nights);
  const targets: WhatIfTarget[] = [];
  let results = 0;
  let resultsRead = 0;

  function add(given: TargetFolded): void {
    const { folded } = given;
    before.add(folded.before);
    after.add(folded.after);
    results += given.results;
    resultsRead += given.resultsRead;
    const own = { before: createSum(period, nights), after: createSum(period, nights) };
    own.before.add(folded.before);
    own.after.add(folded.after);
    targets.push({
      ...viewOf(given, period),
      before: own.before.sum(names.length),
      after: own.after.sum(names.length),
    });
  }

  function answer(more: Pick<WhatIfAnswer, 'tookMs' | 'unfinished'>): WhatIfAnswer {
    const total = (name: (typeof NUMBERS)[number] | 'differsFromHistory') =>
      targets.reduce((sum, target) => sum + target[name], 0);
    const estimatedTargets = targets.filter(({ exactFrom }) => exactFrom !== null).length;
    const differing = total('differsFromHistory');
    return {
      ...period,
      timeZone,
      targetCount: targets.length,
      results,
      resultsRead,
      ...more,
      totals: {
        added: total('added'),
        removed: total('removed'),
        changed: total('changed'),
        same: total('same'),
        before: before.sum(names.length),
        after: after.sum(names.length),
        estimatedTargets,
      },
      baseline: { differsFromHistory: differing },
      nights: names.map((night) => ({ night, before: before.pagesOf(night), after: after.pagesOf(night) })),
      targets: targets.toSorted((a, b) => differences(b) - differences(a)),
      notes: notesOf({ targets, estimatedTargets, differing, unfinished: more.unfinished }, period),
    };
  }

  return { add, answer };
}

const differences = ({ added, removed, changed }: WhatIfTarget) => added + removed + changed;

function viewOf(
  { target, folded, alerts, coveredFrom, exactFrom, estimatedHours }: TargetFolded,
  period: Period,
): Omit<WhatIfTarget, 'before' | 'after'> {
  const { added, removed, changed, same } = folded.compared;
  return {
    targetId: target.id,
    targetKind: target.kind,
    targetName: target.name,
    added: added.length,
    removed: removed.length,
    changed: changed.length,
    same,
    coveredFrom: coveredFrom === undefined ? null : later(coveredFrom, period.from),
    exactFrom: exactFrom === undefined || exactFrom <= period.from ? null : exactFrom,
    estimatedHours,
    differsFromHistory: differsFromHistory(folded.before, alerts, period),
    alerts: {
      added: added.slice(0, MOST_LISTED).map(episodeView),
      removed: removed.slice(0, MOST_LISTED).map((one) => ({
        before: episodeView(one.before),
        within: one.within ?? null,
      })),
      changed: changed.slice(0, MOST_LISTED).map((pair) => ({
        before: episodeView(pair.before),
        after: episodeView(pair.after),
      })),
    },
  };
}

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** Alerts raised in the period that the fold of the past did not come to, ended otherwise, or made up. */
function differsFromHistory(
  folded: readonly AlertEpisode[],
  alerts: readonly KnownAlert[],
  { from, to }: Period,
): number {
  const inPeriod = ({ raisedAt }: { readonly raisedAt: Instant }) => raisedAt >= from && raisedAt < to;
  const known = new Map(alerts.filter(inPeriod).map(({ id, resolvedAt }) => [id, resolvedAt]));
  const ours = folded.filter(inPeriod);
  const right = ours.filter(
    ({ alertId, resolvedAt }) => known.has(alertId) && known.get(alertId) === resolvedAt,
  );
  const met = ours.filter(({ alertId }) => known.has(alertId)).length;
  return known.size + ours.length - met - right.length;
}

export const episodeView = (episode: AlertEpisode): EpisodeView => ({
  alertId: episode.alertId,
  type: episode.type,
  since: episode.since,
  raisedAt: episode.raisedAt,
  pagedAt: episode.pagedAt ?? null,
  untold: episode.untold ?? null,
  resolvedAt: episode.resolvedAt ?? null,
  resolvedReason: episode.resolvedReason ?? null,
});

interface Noted {
  readonly targets: readonly WhatIfTarget[];
  readonly estimatedTargets: number;
  readonly differing: number;
  readonly unfinished: number;
}

function notesOf({ targets, estimatedTargets, differing, unfinished }: Noted, { from }: Period): string[] {
  const uncovered = targets.filter(({ coveredFrom }) => coveredFrom === null || coveredFrom > from).length;
  const of = (count: number) => `${count} of ${targets.length}`;
  return [
    ...(estimatedTargets > 0
      ? [
          `Single results are not kept for all of the period: ${of(estimatedTargets)} are estimated before their exactFrom, from hourly figures and the alerts of the time.`,
        ]
      : []),
    ...(uncovered > 0
      ? [
          `${of(uncovered)} were not watched from the beginning of the period on, or nothing is kept of it: for them the answer begins later.`,
        ]
      : []),
    ...(differing > 0
      ? [
          `In ${differing} alerts the past decided anew differs from what was really raised; the comparison is between the two pasts decided anew.`,
        ]
      : []),
    ...(unfinished > 0
      ? [`The time allowed was not enough for ${unfinished} more: ask for fewer days or fewer of them.`]
      : []),
  ];
}
