import { type Instant, toInstant } from '@tocsin/kernel';
import { Cron } from 'croner';

/** A job's schedule: a cron expression of 5 fields, or 6 with seconds first, and the IANA zone it is read in. */
export interface CronSchedule {
  readonly cron: string;
  readonly timeZone: string;
}

/** Why an expression cannot be used; undefined when it can. */
export function cronProblem(cron: string): string | undefined {
  if (![5, 6].includes(cron.trim().split(/\s+/).length))
    return 'must have 5 fields (minute hour day month weekday), or 6 with seconds first';
  try {
    return parsed({ cron, timeZone: 'UTC' }).nextRun(new Date(0)) === null ? 'never comes true' : undefined;
  } catch (error) {
    return `is not a cron expression: ${error instanceof Error ? error.message : 'not understood'}`;
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * The first slot after an instant. Where clocks are put forward, a slot in the hour that is missing comes right after it;
 * where they are put back, a slot in the hour that is twice comes once, but what comes every hour comes in both.
 * @returns undefined when there is none any more
 */
export function nextCronSlot(schedule: CronSchedule, after: Instant): Instant | undefined {
  const next = parsed(schedule).nextRun(new Date(after));
  return next === null ? undefined : toInstant(next.getTime());
}

/** The last slot before an instant. @returns undefined when there was none */
export function previousCronSlot(schedule: CronSchedule, before: Instant): Instant | undefined {
  const [previous] = parsed(schedule).previousRuns(1, new Date(before));
  return previous === undefined ? undefined : toInstant(previous.getTime());
}

/** @param count at most */
export function nextCronSlots(schedule: CronSchedule, after: Instant, count: number): Instant[] {
  return parsed(schedule)
    .nextRuns(count, new Date(after))
    .map((date) => toInstant(date.getTime()));
}

const MOST_KNOWN = 1_000;
const known = new Map<string, Cron>();

/** Never started: it only calculates. To parse it costs half as much as to ask it, and it is asked again and again. */
function parsed({ cron, timeZone }: CronSchedule): Cron {
  const key = `${timeZone} ${cron}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = new Cron(cron, { timezone: timeZone, paused: true });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, made);
  return made;
}
