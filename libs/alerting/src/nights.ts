import { addMs, type Instant, toMs } from '@tocsin/kernel';

const HOUR_MS = 3_600_000;
const NIGHT_BEGINS = 22;
const NIGHT_ENDS = 7;

/** The night, 22 to 7 by the clock on the wall there, that an instant falls into. */
export interface Nights {
  /** named by the day on which it begins; undefined by day */
  nightOf(instant: Instant): string | undefined;
  /** every night that begins or ends between the two */
  between(from: Instant, to: Instant): readonly string[];
}

/** @throws RangeError when the time zone is not known */
export function createNights(timeZone: string): Nights {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const read = (instant: Instant) => {
    const parts = new Map(format.formatToParts(toMs(instant)).map(({ type, value }) => [type, value]));
    const date = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
    return { date, hour: Number(parts.get('hour')) };
  };
  const nightOf = (instant: Instant) => {
    const { date, hour } = read(instant);
    if (hour >= NIGHT_BEGINS) return date;
    if (hour >= NIGHT_ENDS) return undefined;
    const dayBefore = Date.parse(`${date}T12:00:00Z`) - 24 * HOUR_MS;
    return new Date(dayBefore).toISOString().slice(0, 10);
  };
  return {
    nightOf,
    between(from, to) {
      const nights = new Set<string>();
      for (let at = from; at < to; at = addMs(at, HOUR_MS)) {
        const night = nightOf(at);
        if (night !== undefined) nights.add(night);
      }
      return [...nights];
    },
  };
}
