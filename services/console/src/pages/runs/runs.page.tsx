import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CirclePlay } from 'lucide-react';
import { useState } from 'react';
import { pagesOf } from '../../api/queries.js';
import { startOf } from '../../parts/date-range.js';
import { Empty } from '../../parts/empty.js';
import { TextLink } from '../../parts/links.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { refreshOf } from '../../parts/runs/refresh.js';
import { RunTable } from '../../parts/runs/run-table.js';
import { Waiting } from '../../parts/waiting.js';
import { RunFilters } from './run-filters.js';

const route = getRouteApi('/in/runs');
const PAGE = 50;

export function Runs() {
  const search = route.useSearch();
  const { job, status, trigger, span } = search;
  // Counted from when the page was opened: what began since then is in any span.
  const [openedMs] = useState(() => Date.now());
  const query = {
    limit: PAGE,
    jobId: job,
    status,
    trigger,
    from: span === undefined ? undefined : startOf(span, openedMs),
  };
  const pages = useInfiniteQuery({
    ...pagesOf('listAllRuns', { query }),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => refreshOf(state.data?.pages),
  });
  const runs = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const isFiltered = Object.keys(search).length > 0;

  return (
    <>
      <PageHeader
        title="Runs"
        about="What the jobs did, newest first. What is going on now follows by itself."
      />
      <RunFilters />
      {pages.isPending && <Waiting rows={10} height={36} />}
      {pages.isError && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && runs.length === 0 && <NoRuns isFiltered={isFiltered} />}
      {runs.length > 0 && <RunTable runs={runs} withJob isStale={pages.isPlaceholderData} />}
      <MoreButton pages={pages} />
    </>
  );
}

function NoRuns({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty
        icon={CirclePlay}
        title="No run is like this"
        action={<TextLink to="/runs">Show all runs</TextLink>}
      >
        Fewer filters, or a longer time, may find some.
      </Empty>
    );
  return (
    <Empty icon={CirclePlay} title="No run yet" action={<TextLink to="/jobs">To the jobs</TextLink>}>
      A run is one execution of a job: on its schedule, by hand, or started by another system with a trigger
      key. Make a job and run it once to see what it looks like.
    </Empty>
  );
}
