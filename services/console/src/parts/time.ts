const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
] as const;

/** After this many days the day itself says more. */
const RELATIVE_DAYS = 30;

/** `3 min ago`, `in 2 h`, `just now`; a date when it is long ago or far off. */
export function relativeTime(at: string, nowMs: number): string {
  const ms = Date.parse(at) - nowMs;
  const size = Math.abs(ms);
  if (Number.isNaN(size)) return at;
  if (size < 5 * SECOND) return ms > SECOND ? 'in a moment' : 'just now';
  if (size >= RELATIVE_DAYS * DAY) return dayOf(at);
  const [unitMs, unit] = UNITS.find(([length]) => size >= length) ?? [SECOND, 's'];
  const amount = `${Math.floor(size / unitMs)} ${unit}`;
  return ms < 0 ? `${amount} ago` : `in ${amount}`;
}

export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `2026-01-31 13:00:00.000 +01:00 (Europe/Berlin)`: the very instant, in the reader's zone. */
export function exactTime(at: string, timeZone: string = zone()): string {
  const parts = partsOf(at, timeZone);
  if (parts === undefined) return at;
  const { year, month, day, hour, minute, second, fractionalSecond, timeZoneName } = parts;
  const offset = (timeZoneName ?? '').replace('GMT', '') || '+00:00';
  return `${year}-${month}-${day} ${hour}:${minute}:${second}.${fractionalSecond} ${offset} (${timeZone})`;
}

/** `31 Jan 2026` */
export const dayOf = (at: string, timeZone: string = zone()): string =>
  formatted(at, { day: 'numeric', month: 'short', year: 'numeric', timeZone });

/** `31 Jan, 13:00:05` */
export const clockTime = (at: string, timeZone: string = zone()): string =>
  formatted(at, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });

function formatted(at: string, options: Intl.DateTimeFormatOptions): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? at : formatterOf(options).format(ms);
}

function partsOf(at: string, timeZone: string): Record<string, string> | undefined {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return undefined;
  const parts = formatterOf({
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
    timeZone,
  }).formatToParts(ms);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** Making a formatter costs a hundred times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', options);
  formatters.set(key, known);
  return known;
}
