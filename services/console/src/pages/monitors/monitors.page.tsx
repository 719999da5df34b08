import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { pagesOf, queryOf } from '../../api/queries.js';
import { countText, plural } from '../../parts/amounts.js';
import { ButtonLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { BulkBar } from './bulk-bar.js';
import { MonitorFilters } from './monitor-filters.js';
import { isFiltered, queryFor } from './monitor-query.js';
import { MonitorTable } from './monitor-table.js';
import { NoMonitors } from './no-monitors.js';

const route = getRouteApi('/in/monitors');
const PAGE = 100;
/** Latency, uptime and last check are not on the live stream. */
const REFRESH_MS = 30_000;

export function Monitors() {
  const search = route.useSearch();
  const mayEdit = useMay('editor');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const query = { ...queryFor(search), limit: PAGE };
  const list = useInfiniteQuery({
    ...pagesOf('listMonitors', { query }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 3 ? false : REFRESH_MS),
  });
  const { data: overview } = useQuery(queryOf('getOverview'));
  const monitors = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const total = overview?.counts.monitors.total;

  return (
    <>
      <PageHeader
        title="Monitors"
        about={
          total === undefined ? ' ' : aboutOf(total, isFiltered(search), monitors.length, list.hasNextPage)
        }
        actions={
          mayEdit && (
            <ButtonLink to="/monitors/new" leftSection={<Plus size={14} aria-hidden />}>
              New monitor
            </ButtonLink>
          )
        }
      />
      <MonitorFilters />
      {list.isPending ? (
        <Waiting rows={10} height={44} />
      ) : list.isError && monitors.length === 0 ? (
        <Problem error={list.error} retry={() => void list.refetch()} />
      ) : monitors.length === 0 ? (
        <NoMonitors isFiltered={isFiltered(search)} mayEdit={mayEdit} />
      ) : (
        <MonitorTable
          monitors={monitors}
          selected={mayEdit ? selected : undefined}
          onSelect={setSelected}
          isStale={list.isPlaceholderData}
          more={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          hasMore={list.hasNextPage}
        />
      )}
      {list.isFetchNextPageError && <Problem error={list.error} retry={() => void list.fetchNextPage()} />}
      {selected.size > 0 && (
        <BulkBar selected={selected} onSelect={setSelected} query={query} hasMore={list.hasNextPage} />
      )}
      <output className="visually-hidden">
        {list.isFetching ? '' : `${plural(monitors.length, 'monitor')} shown`}
      </output>
    </>
  );
}

function aboutOf(total: number, filtered: boolean, shown: number, hasMore: boolean): string {
  if (!filtered) return plural(total, 'monitor');
  return `${countText(shown)}${hasMore ? ' or more' : ''} of ${plural(total, 'monitor')}`;
}
