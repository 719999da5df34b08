import { Group, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { STATUSES } from '@tocsin/monitoring';
import { ListChecks, Plus } from 'lucide-react';
import { pagesOf, queryOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { isActive } from '../../parts/run-mark.js';
import { SearchText } from '../../parts/search-text.js';
import { STATUS_MARKS } from '../../parts/status-badge.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { JobTable } from './job-table.js';

const route = getRouteApi('/in/jobs');
const PAGE = 50;
const BUSY_MS = 2_000;
const CALM_MS = 10_000;
const STATES = STATUSES.map((value) => ({ value, label: STATUS_MARKS[value].word }));

export function Jobs() {
  const search = route.useSearch();
  const mayEdit = useMay('editor');
  const { q, status, tag } = search;
  const pages = useInfiniteQuery({
    ...pagesOf('listJobs', { query: { limit: PAGE, search: q, status, tag } }),
    placeholderData: (before) => before,
    // Runs are not on the live stream.
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) =>
        items.some(({ lastRun }) => lastRun !== null && isActive(lastRun.status)),
      )
        ? BUSY_MS
        : CALM_MS,
  });
  const jobs = pages.data?.pages.flatMap(({ items }) => items) ?? [];

  return (
    <>
      <PageHeader
        title="Jobs"
        about="Tests in order, run on a schedule, by hand, or when another system asks."
        actions={
          mayEdit && (
            <ButtonLink to="/jobs/new" leftSection={<Plus size={14} aria-hidden />}>
              New job
            </ButtonLink>
          )
        }
      />
      <JobFilters />
      {pages.isPending && <Waiting rows={8} height={44} />}
      {pages.isError && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && jobs.length === 0 && (
        <NoJobs isFiltered={Object.keys(search).length > 0} mayEdit={mayEdit} />
      )}
      {jobs.length > 0 && <JobTable jobs={jobs} mayRun={mayEdit} isStale={pages.isPlaceholderData} />}
      <MoreButton pages={pages} />
    </>
  );
}

function JobFilters() {
  const { q, status, tag } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery(queryOf('listTags'));
  const tags = new Set(data?.items.filter(({ jobs }) => jobs > 0).map(({ name }) => name));
  if (tag !== undefined) tags.add(tag);
  const filter = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <Group gap="xs" mb="sm">
      <SearchText label="Search jobs" value={q} onSearch={(text) => filter({ q: text })} />
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={STATES}
        value={status ?? null}
        onChange={(value) => filter({ status: value ?? undefined })}
        style={{ flex: '1 1 130px', maxWidth: 200 }}
        clearable
      />
      <Select
        aria-label="Tag"
        placeholder="Any tag"
        data={[...tags]}
        value={tag ?? null}
        onChange={(value) => filter({ tag: value ?? undefined })}
        style={{ flex: '1 1 130px', maxWidth: 200 }}
        clearable
        searchable
      />
    </Group>
  );
}

function NoJobs({ isFiltered, mayEdit }: { readonly isFiltered: boolean; readonly mayEdit: boolean }) {
  if (isFiltered)
    return (
      <Empty
        icon={ListChecks}
        title="No job is like this"
        action={<TextLink to="/jobs">Show all jobs</TextLink>}
      >
        Fewer filters may find some.
      </Empty>
    );
  return (
    <Empty
      icon={ListChecks}
      title="No job yet"
      action={
        mayEdit && (
          <Group gap="xs">
            <ButtonLink to="/tests/new" variant="default">
              Write a test
            </ButtonLink>
            <ButtonLink to="/jobs/new">New job</ButtonLink>
          </Group>
        )
      }
    >
      A job runs tests in order and tells you when one fails: a sign-in in a real browser every ten minutes,
      say. Write a test first, then make a job of it.
    </Empty>
  );
}
