/**
 * A moment as `YYYY-MM-DDTHH:mm:ss.sssZ`: always UTC, always three decimals, so that string order is time order
 * and the same text stands in the event, the row and the log line.
 */
export type Instant = string;

const PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** @param ms milliseconds since the Unix epoch */
export function toInstant(ms: number): Instant {
  return new Date(ms).toISOString();
}

/** Milliseconds since the Unix epoch. @throws RangeError when the text is no instant */
export function toMs(instant: Instant): number {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${instant}`);
  return ms;
}

export function addMs(instant: Instant, ms: number): Instant {
  return toInstant(toMs(instant) + ms);
}

/** `to - from` in milliseconds; negative when `to` is the earlier one. */
export function msBetween(from: Instant, to: Instant): number {
  return toMs(to) - toMs(from);
}

export function isInstant(text: string): boolean {
  return PATTERN.test(text) && !Number.isNaN(Date.parse(text));
}
