import type { ResultView, StatsView } from '@tocsin/http-api';
import type { ChartSeries } from '../../parts/chart/chart-options.js';
import { PHASE_WORDS } from '../../parts/check-result/phases.js';

export type ChartKind = 'percentiles' | 'phases';

export interface ChartData {
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
}

const secondsOf = (at: string): number => Date.parse(at) / 1_000;

/** Of the checks themselves, newest first as the api lists them. */
export function seriesOfResults(results: readonly ResultView[], kind: ChartKind): ChartData {
  const checks = results.toReversed().filter((check, index, all) => check.slot !== all[index - 1]?.slot);
  const times = checks.map(({ slot }) => secondsOf(slot));
  const measured = checks.map(({ outcome, timings, latencyMs }) =>
    outcome === 'down' || outcome === 'error' ? undefined : { ...timings, latencyMs },
  );
  if (kind === 'percentiles')
    return {
      times,
      series: [{ label: 'Latency', values: measured.map((check) => check?.latencyMs ?? null) }],
    };
  return { times, series: phaseSeries(measured) };
}

/** Of hours or days. */
export function seriesOfBuckets(buckets: StatsView['buckets'], kind: ChartKind): ChartData {
  const times = buckets.map(({ startAt }) => secondsOf(startAt));
  if (kind === 'phases')
    return { times, series: phaseSeries(buckets.map(({ phases }) => phases ?? undefined)) };
  const of = (figure: 'p50' | 'p95' | 'p99') => buckets.map(({ latencyMs }) => latencyMs?.[figure] ?? null);
  return {
    times,
    series: [
      { label: 'p50', values: of('p50') },
      { label: 'p95', values: of('p95') },
      { label: 'p99', values: of('p99') },
    ],
  };
}

interface Phases {
  readonly dnsMs?: number | null | undefined;
  readonly connectMs?: number | null | undefined;
  readonly tlsMs?: number | null | undefined;
  readonly firstByteMs?: number | null | undefined;
}

const PHASES = [
  ['dnsMs', PHASE_WORDS.dns],
  ['connectMs', PHASE_WORDS.connect],
  ['tlsMs', PHASE_WORDS.tls],
  ['firstByteMs', PHASE_WORDS.firstByte],
] as const;

/** Those that were measured at all. */
function phaseSeries(rows: readonly (Phases | undefined)[]): readonly ChartSeries[] {
  return PHASES.map(([key, label]) => ({ label, values: rows.map((row) => row?.[key] ?? null) })).filter(
    ({ values }) => values.some((value) => value !== null),
  );
}

export const isEmpty = ({ series }: ChartData): boolean =>
  !series.some(({ values }) => values.some((value) => value !== null));
