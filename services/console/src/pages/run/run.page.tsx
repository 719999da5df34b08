import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RunDetail } from '@tocsin/http-api';
import { queryOf } from '../../api/queries.js';
import { plural } from '../../parts/amounts.js';
import { TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { isActive, RunMark } from '../../parts/run-mark.js';
import { clockTime } from '../../parts/time.js';
import { Waiting } from '../../parts/waiting.js';
import { ArtifactsTab } from './artifacts-tab.js';
import { OutputTab } from './output-tab.js';
import { RunActions } from './run-actions.js';
import { RunFacts } from './run-facts.js';
import { TestsTab } from './tests-tab.js';

const route = getRouteApi('/in/runs/$id');
const BUSY_MS = 2_000;

export function Run() {
  const { id } = route.useParams();
  const run = useQuery({
    ...queryOf('getRun', { params: { id } }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isActive(state.data.status) ? BUSY_MS : false,
  });
  if (run.isPending) return <Waiting />;
  if (run.data === undefined) return <Problem error={run.error} retry={() => void run.refetch()} />;
  return <Page key={id} run={run.data} />;
}

const TABS = ['tests', 'output', 'artifacts'] as const;

function Page({ run }: { readonly run: RunDetail }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // Who comes while it runs wants to see it run; who comes later, what it came to.
  const tab = search.tab ?? (isActive(run.status) || run.tests.length === 0 ? 'output' : 'tests');
  const go = (value: string | null) => {
    const next = TABS.find((one) => one === value);
    void navigate({ search: next === undefined ? {} : { tab: next }, replace: true });
  };
  return (
    <>
      <PageHeader
        title={run.jobName ?? 'Run of a deleted job'}
        beside={<RunMark status={run.status} />}
        about={`Run of ${clockTime(run.slot)}`}
        actions={<RunActions run={run} />}
        above={
          <>
            <TextLink to="/runs" size="sm" underline="always">
              Runs
            </TextLink>
            {run.jobName !== null && (
              <>
                {' · '}
                <TextLink to="/jobs/$id" params={{ id: run.jobId }} size="sm" underline="always">
                  the job
                </TextLink>
              </>
            )}
          </>
        }
      />
      <RunFacts run={run} />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="tests">Tests{run.tests.length > 0 && ` (${run.tests.length})`}</Tabs.Tab>
          <Tabs.Tab value="output">Output</Tabs.Tab>
          <Tabs.Tab value="artifacts" aria-label={`Artifacts, ${plural(run.artifacts.length, 'file')}`}>
            Artifacts{run.artifacts.length > 0 && ` (${run.artifacts.length})`}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="tests">
          <TestsTab run={run} />
        </Tabs.Panel>
        <Tabs.Panel value="output">
          <OutputTab
            run={run}
            test={search.test}
            onTest={(test) => void navigate({ search: { tab: 'output', test }, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="artifacts">
          <ArtifactsTab run={run} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
