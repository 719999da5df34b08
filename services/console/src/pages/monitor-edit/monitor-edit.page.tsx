import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { MonitorInput, MonitorView } from '@tocsin/http-api';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { MonitorForm } from '../../parts/monitor-form/monitor-form.js';
import { valuesOf } from '../../parts/monitor-form/monitor-values.js';
import { MONITOR_KIND_WORDS } from '../../parts/monitor-kinds.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';

const route = getRouteApi('/in/monitors/$id/edit');

export function MonitorEdit() {
  const { id } = route.useParams();
  // An answer from before may be older than what others saved since.
  const { data, error, isFetchedAfterMount } = useQuery({
    ...queryOf('getMonitor', { params: { id } }),
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });
  if (error !== null) return <Problem error={error} />;
  if (data === undefined || !isFetchedAfterMount) return <Waiting />;
  return <Edit monitor={data} />;
}

function Edit({ monitor }: { readonly monitor: MonitorView }) {
  // What the form started with: a status that changes meanwhile must not start it anew, and its revision is what is
  // compared when it is saved.
  const [started] = useState(monitor);
  const { id, revision, name, type } = started;
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  return (
    <>
      <PageHeader
        title={`Edit ${name}`}
        managedBy={started.managedBy}
        about={MONITOR_KIND_WORDS[type].word}
        above={
          <TextLink to="/monitors/$id" params={{ id }} size="sm">
            {name}
          </TextLink>
        }
      />
      <MonitorForm
        start={valuesOf(started)}
        id={id}
        word="Save"
        save={(values) => call('replaceMonitor', { params: { id }, body: values as MonitorInput, revision })}
        onSaved={(saved) => {
          queries.setQueryData(queryOf('getMonitor', { params: { id } }).queryKey, saved);
          void queries.invalidateQueries({ queryKey: about('monitors') });
          void navigate({ to: '/monitors/$id', params: { id }, ignoreBlocker: true });
        }}
        cancel={
          <ButtonLink to="/monitors/$id" params={{ id }} variant="default" size="sm">
            Cancel
          </ButtonLink>
        }
      />
    </>
  );
}
