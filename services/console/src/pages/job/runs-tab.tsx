import { Group, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { JobView } from '@tocsin/http-api';
import { RUN_STATES } from '@tocsin/monitoring';
import { CirclePlay } from 'lucide-react';
import { pagesOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { MoreButton } from '../../parts/more-button.js';
import { Problem } from '../../parts/problem.js';
import { RUN_MARKS } from '../../parts/run-mark.js';
import { refreshOf } from '../../parts/runs/refresh.js';
import { RunTable } from '../../parts/runs/run-table.js';
import { Waiting } from '../../parts/waiting.js';

const route = getRouteApi('/in/jobs/$id');
const STATES = RUN_STATES.map((value) => ({ value, label: RUN_MARKS[value].word }));

export function RunsTab({ job }: { readonly job: JobView }) {
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery({
    // With those of all jobs, so that it is read again when a run of any was started.
    ...pagesOf('listAllRuns', { query: { jobId: job.id, status } }),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => refreshOf(state.data?.pages),
  });
  const runs = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      {(runs.length > 0 || status !== undefined) && (
        <Group mb="sm">
          <Select
            aria-label="State"
            placeholder="Any state"
            data={STATES}
            value={status ?? null}
            onChange={(value) =>
              void navigate({
                search: value === null ? {} : { status: value as typeof status },
                replace: true,
              })
            }
            clearable
          />
        </Group>
      )}
      {pages.isPending && <Waiting />}
      {pages.isError && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && runs.length === 0 && (
        <Empty icon={CirclePlay} title={status === undefined ? 'Not run yet' : 'No such run'}>
          {status !== undefined
            ? 'It has no run in this state.'
            : job.tests.length === 0
              ? 'It has no tests: it runs elsewhere, and each run is reported with POST /api/v1/jobs/{id}/runs.'
              : 'Run it now to see whether it does what you mean.'}
        </Empty>
      )}
      {runs.length > 0 && <RunTable runs={runs} isStale={pages.isPlaceholderData} />}
      <MoreButton pages={pages} />
    </>
  );
}
