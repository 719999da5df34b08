import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { MonitorView } from '@tocsin/http-api';
import { queryOf } from '../../api/queries.js';
import { durationText, intervalText } from '../../parts/amounts.js';
import { Since } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import { MONITOR_KIND_WORDS } from '../../parts/monitor-kinds.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Revisions } from '../../parts/revisions.js';
import { STATUS_MARKS, StatusBadge } from '../../parts/status-badge.js';
import { TargetAlerts } from '../../parts/target-alerts.js';
import { Waiting } from '../../parts/waiting.js';
import { MonitorActions } from './monitor-actions.js';
import { MonitorOverview } from './monitor-overview.js';
import { ResultsTab } from './results-tab.js';

const route = getRouteApi('/in/monitors/$id');
const REFRESH_MS = 30_000;

export function Monitor() {
  const { id } = route.useParams();
  const monitor = useQuery({ ...queryOf('getMonitor', { params: { id } }), refetchInterval: REFRESH_MS });
  if (monitor.isPending) return <Waiting />;
  if (monitor.data === undefined)
    return <Problem error={monitor.error} retry={() => void monitor.refetch()} />;
  return <Page key={id} monitor={monitor.data} />;
}

function Page({ monitor }: { readonly monitor: MonitorView }) {
  const { tab = 'overview' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader
        title={monitor.name}
        managedBy={monitor.managedBy}
        beside={<StatusBadge status={monitor.status} />}
        about={<About monitor={monitor} />}
        actions={<MonitorActions monitor={monitor} />}
        above={
          <TextLink to="/monitors" size="sm">
            Monitors
          </TextLink>
        }
      />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: value === 'overview' ? {} : { tab: tabOf(value) } })}
        keepMounted={false}
      >
        <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="results">Results</Tabs.Tab>
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <MonitorOverview monitor={monitor} />
        </Tabs.Panel>
        <Tabs.Panel value="results">
          <ResultsTab monitor={monitor} />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <TargetAlerts kind="monitor" target={monitor} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <Revisions of="monitor" id={monitor.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

const TABS = ['overview', 'results', 'alerts', 'history'] as const;
const tabOf = (value: string | null) => TABS.find((tab) => tab === value);

function About({ monitor }: { readonly monitor: MonitorView }) {
  const { type, target, intervalSeconds, lastStatusChangeAt, status } = monitor;
  return (
    <>
      {MONITOR_KIND_WORDS[type].word}
      {target !== '' && ` · ${target}`} · {intervalText(intervalSeconds)}
      {lastStatusChangeAt !== null && (
        <>
          {' · '}
          {STATUS_MARKS[status].word.toLowerCase()} for{' '}
          <Since at={lastStatusChangeAt} format={durationText} />
        </>
      )}
    </>
  );
}
