import { type Instant, toInstant, toMs } from '@tocsin/kernel';

/** A UTC day as `YYYY-MM-DD`: string order is time order. */
export type Day = string;

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

export const dayOf = (instant: Instant): Day => instant.slice(0, 10);
export const startOfDay = (day: Day): Instant => `${day}T00:00:00.000Z`;
export const addDays = (day: Day, days: number): Day =>
  dayOf(toInstant(toMs(startOfDay(day)) + days * DAY_MS));
export const hourOf = (instant: Instant): Instant => `${instant.slice(0, 13)}:00:00.000Z`;

/** Days that have a partition before anything arrives for them. */
export const DAYS_AHEAD = 2;
/** A slot longer ago than this is a broken clock and no late result. */
export const OLDEST_DAYS = 366;

/** The first day of which all results are kept. */
export const firstKeptDay = (now: Instant, retentionDays: number): Day => addDays(dayOf(now), -retentionDays);

export function daysAhead(now: Instant, retentionDays: number): Day[] {
  const first = firstKeptDay(now, retentionDays);
  return Array.from({ length: retentionDays + DAYS_AHEAD + 1 }, (_, n) => addDays(first, n));
}

export const isAbsurd = (day: Day, now: Instant): boolean =>
  day < addDays(dayOf(now), -OLDEST_DAYS) || day > addDays(dayOf(now), DAYS_AHEAD);
