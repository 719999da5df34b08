import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { MonitorInput } from '@tocsin/http-api';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { MonitorForm } from '../../parts/monitor-form/monitor-form.js';
import { copyOf, type MonitorValues, newMonitor } from '../../parts/monitor-form/monitor-values.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';

const route = getRouteApi('/in/monitors/new');

export function MonitorNew() {
  const { type, copyOf: original } = route.useSearch();
  return (
    <>
      <PageHeader
        title="New monitor"
        above={
          <TextLink to="/monitors" size="sm">
            Monitors
          </TextLink>
        }
      />
      {original === undefined ? (
        <NewForm start={newMonitor(type ?? 'http_request')} />
      ) : (
        <Copy id={original} />
      )}
    </>
  );
}

function Copy({ id }: { readonly id: string }) {
  const { data, error } = useQuery(queryOf('getMonitor', { params: { id } }));
  if (error !== null) return <Problem error={error} />;
  return data === undefined ? <Waiting /> : <NewForm start={copyOf(data)} />;
}

function NewForm({ start }: { readonly start: MonitorValues }) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  return (
    <MonitorForm
      start={start}
      word="Create monitor"
      save={(values) => call('createMonitor', { body: values as MonitorInput })}
      onSaved={({ id }) => {
        void queries.invalidateQueries({ queryKey: about('monitors') });
        void navigate({ to: '/monitors/$id', params: { id }, ignoreBlocker: true });
      }}
      cancel={
        <ButtonLink to="/monitors" variant="default" size="sm">
          Cancel
        </ButtonLink>
      }
    />
  );
}
