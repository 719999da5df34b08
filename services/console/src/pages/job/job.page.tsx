import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { JobView } from '@tocsin/http-api';
import type { ReactNode } from 'react';
import { queryOf } from '../../api/queries.js';
import { CronWords } from '../../parts/cron-words.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Revisions } from '../../parts/revisions.js';
import { StatusBadge } from '../../parts/status-badge.js';
import { TargetAlerts } from '../../parts/target-alerts.js';
import { Waiting } from '../../parts/waiting.js';
import { JobActions } from './job-actions.js';
import { KeysTab } from './keys-tab.js';
import { MissedTab } from './missed-tab.js';
import { RunsTab } from './runs-tab.js';
import { TestsTab } from './tests-tab.js';

const route = getRouteApi('/in/jobs/$id');
const REFRESH_MS = 10_000;

export function Job() {
  const { id } = route.useParams();
  const job = useQuery({ ...queryOf('getJob', { params: { id } }), refetchInterval: REFRESH_MS });
  if (job.isPending) return <Waiting />;
  if (job.data === undefined) return <Problem error={job.error} retry={() => void job.refetch()} />;
  return <Page key={id} job={job.data} />;
}

const TABS = ['runs', 'missed', 'tests', 'keys', 'alerts', 'history'] as const;
const LABELS: Record<(typeof TABS)[number], string> = {
  runs: 'Runs',
  missed: 'Missed',
  tests: 'Tests',
  keys: 'Trigger keys',
  alerts: 'Alerts',
  history: 'History',
};

function Page({ job }: { readonly job: JobView }) {
  const { tab = 'runs' } = route.useSearch();
  const navigate = route.useNavigate();
  const panels: Record<(typeof TABS)[number], ReactNode> = {
    runs: <RunsTab job={job} />,
    missed: <MissedTab job={job} />,
    tests: <TestsTab job={job} />,
    keys: <KeysTab job={job} />,
    alerts: <TargetAlerts kind="job" target={job} />,
    history: <Revisions of="job" id={job.id} />,
  };
  const go = (value: string | null) => {
    const next = TABS.find((one) => one === value);
    void navigate({ search: next === undefined || next === 'runs' ? {} : { tab: next } });
  };
  return (
    <>
      <PageHeader
        title={job.name}
        managedBy={job.managedBy}
        beside={<StatusBadge status={job.status} />}
        about={<About job={job} />}
        actions={<JobActions job={job} />}
        above={
          <TextLink to="/jobs" size="sm">
            Jobs
          </TextLink>
        }
      />
      <Tabs value={tab} onChange={go} keepMounted={false}>
        <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {LABELS[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((one) => (
          <Tabs.Panel key={one} value={one}>
            {panels[one]}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function About({ job }: { readonly job: JobView }) {
  const { cron, timeZone, nextRuns, enabled, description } = job;
  return (
    <>
      <CronWords cron={cron} timeZone={timeZone} />
      {!enabled && ' · disabled'}
      {enabled && nextRuns[0] !== undefined && (
        <>
          {' · next '}
          <Instant at={nextRuns[0]} />
        </>
      )}
      {description !== undefined && <div>{description}</div>}
    </>
  );
}
