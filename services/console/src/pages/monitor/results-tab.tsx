import { Group, Select } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { MonitorView } from '@tocsin/http-api';
import { ListX } from 'lucide-react';
import { pagesOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { MoreButton } from '../../parts/more-button.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { ResultTable } from './result-table.js';
import { TimeField } from './time-field.js';

const route = getRouteApi('/in/monitors/$id');
const REFRESH_MS = 15_000;
const OUTCOMES = [
  { value: 'up', label: 'Up' },
  { value: 'degraded', label: 'Degraded' },
  { value: 'down', label: 'Down' },
  { value: 'error', label: 'Error' },
];

export function ResultsTab({ monitor: { id, locations } }: { readonly monitor: MonitorView }) {
  const { outcome, location, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const pages = useInfiniteQuery({
    ...pagesOf('listResults', { params: { id }, query: { outcome, location, from, to, limit: 50 } }),
    placeholderData: keepPreviousData,
    // Pages that were read are not read again and again under whoever looks at old ones.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
  });
  const results = pages.data?.pages.flatMap(({ items }) => items) ?? [];

  return (
    <>
      <Group gap="xs" mb="sm">
        <Select
          aria-label="Outcome"
          placeholder="Any outcome"
          data={OUTCOMES}
          value={outcome ?? null}
          onChange={(value) => set({ outcome: value ?? undefined })}
          clearable
          w={150}
        />
        {(locations.length > 1 || location !== undefined) && (
          <Select
            aria-label="Location"
            placeholder="Any location"
            data={[...new Set([...locations, ...(location === undefined ? [] : [location])])]}
            value={location ?? null}
            onChange={(value) => set({ location: value ?? undefined })}
            clearable
            w={150}
          />
        )}
        <TimeField label="From" value={from} onChange={(value) => set({ from: value })} />
        <TimeField label="To" value={to} onChange={(value) => set({ to: value })} />
      </Group>
      {pages.isPending ? (
        <Waiting rows={10} height={36} />
      ) : pages.isError && results.length === 0 ? (
        <Problem error={pages.error} retry={() => void pages.refetch()} />
      ) : results.length === 0 ? (
        <Empty icon={ListX} title="No result here">
          {outcome === undefined && location === undefined && from === undefined && to === undefined
            ? 'The first check is still to come.'
            : 'No check matches these filters.'}
        </Empty>
      ) : (
        <>
          <ResultTable results={results} />
          <MoreButton pages={pages} />
        </>
      )}
    </>
  );
}
