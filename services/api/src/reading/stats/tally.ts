import type { StatsView } from '@tocsin/http-api';

/** What a number of checks came to. Latencies in milliseconds; null without a check that has one. */
export interface Tally {
  readonly checks: number;
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly error: number;
  readonly latencySum: number;
  readonly latencyCount: number;
  readonly latencyMin: number | null;
  readonly latencyMax: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export type Percentiles = Pick<Tally, 'p50' | 'p95' | 'p99'>;

const NOTHING: Tally = {
  checks: 0,
  up: 0,
  degraded: 0,
  down: 0,
  error: 0,
  latencySum: 0,
  latencyCount: 0,
  latencyMin: null,
  latencyMax: null,
  p50: null,
  p95: null,
  p99: null,
};

/**
 * Of two sources for the same checks the one that knows more: a rollup lags behind the results, results are dropped
 * before their rollups, and neither ever counts a check it should not.
 */
export const fuller = (a: Tally | undefined, b: Tally | undefined): Tally =>
  (a?.checks ?? 0) >= (b?.checks ?? 0) ? (a ?? NOTHING) : (b ?? NOTHING);

/** Counts, sums and extremes are exact; percentiles are means of the parts' weighted by their checks. */
export function sumOf(parts: readonly Tally[]): Tally {
  const total = (of: (part: Tally) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  const latencyCount = total((part) => part.latencyCount);
  const known = (of: (part: Tally) => number | null) => parts.map(of).filter((value) => value !== null);
  const weighted = (of: (part: Tally) => number | null) =>
    latencyCount === 0 ? null : total((part) => (of(part) ?? 0) * part.latencyCount) / latencyCount;
  const lows = known((part) => part.latencyMin);
  const highs = known((part) => part.latencyMax);
  return {
    checks: total((part) => part.checks),
    up: total((part) => part.up),
    degraded: total((part) => part.degraded),
    down: total((part) => part.down),
    error: total((part) => part.error),
    latencySum: total((part) => part.latencySum),
    latencyCount,
    latencyMin: lows.length === 0 ? null : Math.min(...lows),
    latencyMax: highs.length === 0 ? null : Math.max(...highs),
    p50: weighted((part) => part.p50),
    p95: weighted((part) => part.p95),
    p99: weighted((part) => part.p99),
  };
}

type Counts = Pick<
  StatsView,
  'checks' | 'up' | 'degraded' | 'down' | 'error' | 'uptimePercent' | 'latencyMs'
>;

/** `error` says nothing about the target, so it is counted and left out of the uptime. */
export function countsOf(tally: Tally): Counts {
  const { checks, up, degraded, down, error } = tally;
  const told = up + degraded + down;
  return {
    checks,
    up,
    degraded,
    down,
    error,
    uptimePercent: told === 0 ? null : (100 * (up + degraded)) / told,
    latencyMs: latencyOf(tally),
  };
}

function latencyOf({ latencySum, latencyCount, latencyMin, latencyMax, p50, p95, p99 }: Tally) {
  if (latencyCount === 0) return null;
  return {
    avg: latencySum / latencyCount,
    min: latencyMin ?? 0,
    max: latencyMax ?? 0,
    p50: p50 ?? 0,
    p95: p95 ?? 0,
    p99: p99 ?? 0,
  };
}
