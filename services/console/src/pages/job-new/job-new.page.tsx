import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { JobForm } from '../../parts/job-form/job-form.js';
import { newJob } from '../../parts/job-form/job-values.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';

const route = getRouteApi('/in/jobs/new');

export function JobNew() {
  const { test } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const [start] = useState(() => newJob(test === undefined ? [] : [test]));
  return (
    <>
      <PageHeader
        title="New job"
        about="Tests in order, and when they are run."
        above={
          <TextLink to="/jobs" size="sm">
            Jobs
          </TextLink>
        }
      />
      <JobForm
        start={start}
        word="Create job"
        save={(values) => call('createJob', { body: values })}
        onSaved={({ id }) => {
          void queries.invalidateQueries({ queryKey: about('jobs') });
          void navigate({ to: '/jobs/$id', params: { id }, ignoreBlocker: true });
        }}
        cancel={
          <ButtonLink to="/jobs" variant="default" size="sm">
            Cancel
          </ButtonLink>
        }
      />
    </>
  );
}
