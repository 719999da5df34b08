import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { MonitorView } from '@tocsin/http-api';
import { lazy, Suspense, useMemo } from 'react';
import { queryOf } from '../../api/queries.js';
import classes from '../../parts/chart/chart.module.css';
import { isEmpty, seriesOfBuckets, seriesOfResults } from './latency-series.js';
import { Panel } from './panel.js';
import { PERIODS } from './periods.js';

const TimeChart = lazy(() => import('../../parts/chart/time-chart.js'));
const route = getRouteApi('/in/monitors/$id');
const CHECKS = 200;
const REFRESH_MS = 30_000;
const CHOICES = [
  { value: 'checks', label: 'Checks' },
  ...PERIODS.map(({ period }) => ({ value: period, label: period })),
];

/** How long it takes: the last checks one by one, or hours and days with their percentiles; as a whole or by phases. */
export function LatencyChart({ monitor: { id, locations } }: { readonly monitor: MonitorView }) {
  const { period, chart = 'percentiles', location } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  const results = useQuery({
    ...queryOf('listResults', { params: { id }, query: { limit: CHECKS, location } }),
    enabled: period === undefined,
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  const stats = useQuery({
    ...queryOf('getMonitorStats', { params: { id }, query: { period, location } }),
    enabled: period !== undefined,
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  const data = useMemo(
    () =>
      period === undefined
        ? results.data && seriesOfResults(results.data.items, chart)
        : stats.data && seriesOfBuckets(stats.data.buckets, chart),
    [period, chart, results.data, stats.data],
  );

  return (
    <Panel
      title="Latency"
      beside={
        <Group gap="xs">
          {locations.length > 1 && (
            <Select
              size="xs"
              w={140}
              aria-label="Location"
              placeholder="All locations"
              data={locations}
              value={location ?? null}
              onChange={(value) => set({ location: value ?? undefined })}
              clearable
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label="What of it"
            data={[
              { value: 'percentiles', label: period === undefined ? 'Total' : 'Percentiles' },
              { value: 'phases', label: 'Phases' },
            ]}
            value={chart}
            onChange={(value) => set({ chart: value === 'percentiles' ? undefined : value })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Period"
            data={CHOICES}
            value={period ?? 'checks'}
            onChange={(value) => set({ period: value === 'checks' ? undefined : value })}
          />
        </Group>
      }
    >
      <div className={classes.chart}>
        {data !== undefined &&
          (isEmpty(data) ? (
            <Text size="sm" c="dimmed" pt="md">
              {chart === 'phases'
                ? 'No phases were measured here: they are kept for 24 hours, and not every kind has them.'
                : 'Nothing was measured in this time.'}
            </Text>
          ) : (
            <Suspense>
              <TimeChart times={data.times} series={data.series} label="Latency over time" />
            </Suspense>
          ))}
      </div>
    </Panel>
  );
}
