import { type Instant, toInstant, toMs } from '@tocsin/kernel';

export const HOUR_MS = 3_600_000;

export const hourOf = (at: Instant): Instant => toInstant(Math.floor(toMs(at) / HOUR_MS) * HOUR_MS);

export const hourAfter = (hour: Instant): Instant => toInstant(toMs(hour) + HOUR_MS);

export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** The same instants in as few spans as it takes. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = [];
  for (const span of spans.toSorted((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from)))) {
    const last = whole.at(-1);
    if (last === undefined || span.from > last.to) whole.push(span);
    else if (span.to > last.to) whole[whole.length - 1] = { from: last.from, to: span.to };
  }
  return whole;
}
