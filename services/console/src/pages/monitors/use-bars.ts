import { useQueries } from '@tanstack/react-query';
import type { MonitorBar, MonitorView } from '@tocsin/http-api';
import { useCallback } from 'react';
import { queryOf } from '../../api/queries.js';

export type Bars = ReadonlyMap<string, MonitorBar['checks']>;

const CHUNK = 25;
const REFRESH_MS = 30_000;

/** Availability bars of the rows that can be seen, asked for in chunks so that scrolling back asks nothing again. */
export function useBars(monitors: readonly MonitorView[], first: number, last: number): Bars {
  const chunks = chunksOf(monitors, first, last);
  const combine = useCallback(
    (answers: { data?: { items: MonitorBar[] } | undefined }[]): Bars =>
      new Map(
        answers.flatMap(
          ({ data }) => data?.items.map(({ monitorId, checks }) => [monitorId, checks] as const) ?? [],
        ),
      ),
    [],
  );
  return useQueries({
    queries: chunks.map((ids) => ({
      ...queryOf('getMonitorBars', { query: { ids: ids.join(',') } }),
      refetchInterval: REFRESH_MS,
    })),
    combine,
  });
}

function chunksOf(monitors: readonly MonitorView[], first: number, last: number): readonly string[][] {
  const from = Math.floor(first / CHUNK);
  const count = monitors.length === 0 ? 0 : Math.floor(last / CHUNK) - from + 1;
  return Array.from({ length: count }, (_, index) =>
    monitors.slice((from + index) * CHUNK, (from + index + 1) * CHUNK).map(({ id }) => id),
  ).filter((ids) => ids.length > 0);
}
