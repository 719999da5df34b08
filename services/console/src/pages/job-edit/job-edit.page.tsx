import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { JobView } from '@tocsin/http-api';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { JobForm } from '../../parts/job-form/job-form.js';
import { valuesOf } from '../../parts/job-form/job-values.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';

const route = getRouteApi('/in/jobs/$id/edit');

export function JobEdit() {
  const { id } = route.useParams();
  // An answer from before may be older than what others saved since.
  const { data, error, isFetchedAfterMount } = useQuery({
    ...queryOf('getJob', { params: { id } }),
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });
  if (error !== null) return <Problem error={error} />;
  if (data === undefined || !isFetchedAfterMount) return <Waiting />;
  return <Edit job={data} />;
}

function Edit({ job }: { readonly job: JobView }) {
  // A status that changes meanwhile must not start the form anew, and its revision is what is compared on saving.
  const [started] = useState(job);
  const { id, revision, name } = started;
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  return (
    <>
      <PageHeader
        title={`Edit ${name}`}
        managedBy={started.managedBy}
        above={
          <TextLink to="/jobs/$id" params={{ id }} size="sm">
            {name}
          </TextLink>
        }
      />
      <JobForm
        id={id}
        start={valuesOf(started)}
        word="Save"
        save={(values) => call('replaceJob', { params: { id }, body: values, revision })}
        onSaved={(saved) => {
          queries.setQueryData(queryOf('getJob', { params: { id } }).queryKey, saved);
          void queries.invalidateQueries({ queryKey: about('jobs') });
          void navigate({ to: '/jobs/$id', params: { id }, ignoreBlocker: true });
        }}
        cancel={
          <ButtonLink to="/jobs/$id" params={{ id }} variant="default" size="sm">
            Cancel
          </ButtonLink>
        }
      />
    </>
  );
}
