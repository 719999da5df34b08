/** Spans of time a list can be narrowed to; the address holds the word, so that a link stays about "the last day". */
export const SPANS = ['1h', '24h', '7d', '30d'] as const;
export type Span = (typeof SPANS)[number];

export const SPAN_LABELS: Record<Span, string> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

const HOUR_MS = 3_600_000;
const LENGTH_MS: Record<Span, number> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
};

/** Rounded down to the minute: the same question a moment later is answered by the cache. */
export const startOf = (span: Span, nowMs: number): string =>
  new Date(Math.floor((nowMs - LENGTH_MS[span]) / 60_000) * 60_000).toISOString();
