import type { AlertConfigPatch, EpisodeView, WhatIfAnswer } from '@tocsin/http-api';
import { countText, durationText } from '../amounts.js';

type Config = Readonly<Record<string, unknown>>;

/** The fields in which settings differ from what they were; a mute that is gone is `null`. */
export function changeOf(before: Config, now: Config): AlertConfigPatch | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(now[name] ?? null),
  );
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, now[name] ?? null]));
}

type Fact = readonly [label: string, value: string];

/** `12 → 9` for what is compared. */
export function factsOf({ totals, timeZone }: WhatIfAnswer): readonly Fact[] {
  const { before, after, added, removed, changed } = totals;
  return [
    [
      'Alerts',
      `${arrow(before.alerts, after.alerts)} (${added} more, ${removed} fewer, ${changed} otherwise)`,
    ],
    ['Calls', arrow(before.pages, after.pages)],
    [
      'Calls at night',
      `${arrow(before.pagesAtNight, after.pagesAtNight)} (22 to 7, ${timeZone}); ${perNight(before)} → ${perNight(after)} a night`,
    ],
    ['Time to an alert', `${delay(before)} → ${delay(after)}`],
  ];
}

type Sum = WhatIfAnswer['totals']['before'];

const arrow = (before: number, after: number) => `${countText(before)} → ${countText(after)}`;
const perNight = ({ pagesPerNight }: Sum) => pagesPerNight.toFixed(1);
const delay = ({ detectionDelayMs }: Sum) =>
  detectionDelayMs === null ? '—' : durationText(detectionDelayMs.mean);

export interface Difference {
  readonly key: string;
  readonly word: string;
  readonly episode: EpisodeView;
}

const MOST_SHOWN = 8;

/** Alerts that would have been there and those that would not, the newest first. */
export function differencesOf({ targets }: WhatIfAnswer): {
  readonly shown: readonly Difference[];
  readonly more: string;
} {
  const all = targets.flatMap(({ alerts }) => [
    ...alerts.added.map((episode) => ({ key: `+${episode.alertId}`, word: 'would be new', episode })),
    ...alerts.removed.map(({ before, within }) => ({
      key: `-${before.alertId}`,
      word: within === null ? 'would not be' : 'would be part of another',
      episode: before,
    })),
  ]);
  const shown = all
    .toSorted((a, b) => b.episode.raisedAt.localeCompare(a.episode.raisedAt))
    .slice(0, MOST_SHOWN);
  const hidden = all.length - shown.length;
  return { shown, more: hidden === 0 ? '' : `and ${countText(hidden)} more` };
}
