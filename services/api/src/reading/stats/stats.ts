import type { STATS_PERIODS, StatsView } from '@tocsin/http-api';
import { addMs, type Instant, msBetween, toInstant, toMs } from '@tocsin/kernel';
import { countsOf, fuller, type Percentiles, sumOf, type Tally } from './tally.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type StatsPeriod = (typeof STATS_PERIODS)[number];

/** Whole hours or days of UTC, the last of them still running. */
export interface StatsWindow {
  readonly from: Instant;
  readonly to: Instant;
  readonly bucketMs: number;
  readonly buckets: number;
}

const SHAPES = {
  '24h': { bucketMs: HOUR_MS, buckets: 24 },
  '7d': { bucketMs: HOUR_MS, buckets: 7 * 24 },
  '30d': { bucketMs: DAY_MS, buckets: 30 },
  '90d': { bucketMs: DAY_MS, buckets: 90 },
} as const;

export function windowOf(period: StatsPeriod, now: Instant): StatsWindow {
  const { bucketMs, buckets } = SHAPES[period];
  return { from: addMs(startOf(now, bucketMs), -(buckets - 1) * bucketMs), to: now, bucketMs, buckets };
}

export const startOf = (at: Instant, lengthMs: number): Instant =>
  toInstant(Math.floor(toMs(at) / lengthMs) * lengthMs);

export interface StatsQuestion {
  readonly monitorId: string;
  readonly location?: string | undefined;
  readonly window: StatsWindow;
}

/** A tally of one location over the hour or day that begins at `startAt`. */
export interface Part extends Tally {
  readonly location: string;
  readonly startAt: Instant;
}

export interface Sources {
  readonly daily: readonly Part[];
  readonly hourly: readonly Part[];
  /** hours counted from the results themselves */
  readonly raw: readonly Part[];
}

/**
 * From where the results themselves are counted: the last hour that was rolled up may have been running then, and the
 * one before now may have had results since.
 */
export function rawFrom(window: StatsWindow, hourly: readonly Part[]): Instant {
  const lastRolled = hourly.reduce<Instant | undefined>(
    (last, { startAt }) => (last === undefined || startAt > last ? startAt : last),
    undefined,
  );
  const previousHour = addMs(startOf(window.to, HOUR_MS), -HOUR_MS);
  const unsure = lastRolled === undefined || lastRolled < previousHour ? lastRolled : previousHour;
  return unsure === undefined || unsure < window.from ? window.from : unsure;
}

/** Whether every check of the window is still there as a result: no rollup speaks of a time before the first one. */
export function isCovered(window: StatsWindow, { daily, hourly }: Sources, firstResult?: Instant): boolean {
  if (firstResult === undefined) return false;
  const before = (parts: readonly Part[], lengthMs: number) =>
    parts.some((part) => part.checks > 0 && part.startAt < startOf(firstResult, lengthMs));
  return !before(hourly, HOUR_MS) && !(window.bucketMs === DAY_MS && before(daily, DAY_MS));
}

export interface Stats {
  readonly total: Tally;
  readonly buckets: readonly Tally[];
}

/** Each hour and day of each location from whichever source knows most of it. */
export function mergeStats(window: StatsWindow, { daily, hourly, raw }: Sources): Stats {
  const hours = fullest([hourly, raw]);
  const parts =
    window.bucketMs === HOUR_MS
      ? hours
      : fullest([
          daily,
          [
            ...Map.groupBy(hours, (hour) =>
              keyOf({ ...hour, startAt: startOf(hour.startAt, DAY_MS) }),
            ).values(),
          ].map(dayOf),
        ]);
  const byBucket = Map.groupBy(parts, ({ startAt }) =>
    Math.floor(msBetween(window.from, startAt) / window.bucketMs),
  );
  const buckets = Array.from({ length: window.buckets }, (_, index) => sumOf(byBucket.get(index) ?? []));
  return { total: sumOf(buckets), buckets };
}

const keyOf = ({ location, startAt }: Part): string => `${startAt} ${location}`;

function dayOf(hours: readonly Part[]): Part {
  const [first] = hours;
  return {
    ...sumOf(hours),
    location: first?.location ?? '',
    startAt: startOf(first?.startAt ?? toInstant(0), DAY_MS),
  };
}

function fullest(sources: readonly (readonly Part[])[]): Part[] {
  const known = new Map<string, Part>();
  for (const part of sources.flat()) {
    const key = keyOf(part);
    known.set(key, { ...part, ...fuller(known.get(key), part) });
  }
  return [...known.values()];
}

type Phases = StatsView['phases'];

export interface StatsDetails {
  /** percentiles over all results of the window, when they are all there */
  readonly exact?: Percentiles | undefined;
  /** by the number of the bucket */
  readonly phases?: { readonly total: Phases; readonly buckets: ReadonlyMap<number, Phases> } | undefined;
}

export const statsView = (
  window: StatsWindow,
  { total, buckets }: Stats,
  { exact, phases }: StatsDetails = {},
): StatsView => ({
  from: window.from,
  to: window.to,
  ...countsOf({ ...total, ...exact }),
  bucketSeconds: window.bucketMs / 1000,
  phases: phases?.total ?? null,
  buckets: buckets.map((bucket, index) => ({
    startAt: addMs(window.from, index * window.bucketMs),
    ...countsOf(bucket),
    phases: phases?.buckets.get(index) ?? null,
  })),
});
