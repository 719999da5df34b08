import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { JobView } from '@tocsin/http-api';
import { sentenceOf } from '../../api/api-error.js';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { ButtonLink } from '../../parts/links.js';
import { RunNow } from '../../parts/runs/run-now.js';
import { useMay } from '../../session/session.js';

export function JobActions({ job }: { readonly job: JobView }) {
  const { id, name, enabled, tests, revision } = job;
  const mayEdit = useMay('editor');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toggle = useMutation({
    mutationFn: () => call('updateJob', { params: { id }, body: { enabled: !enabled }, revision }),
    onSuccess: (saved) => {
      queries.setQueryData(queryOf('getJob', { params: { id } }).queryKey, saved);
      void queries.invalidateQueries({ queryKey: about('jobs') });
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: `${name} was not changed`, message: sentenceOf(error) }),
  });
  if (!mayEdit) return null;
  return (
    <>
      {tests.length > 0 && <RunNow jobId={id} name={name} variant="filled" disabled={!enabled} />}
      <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
        {enabled ? 'Disable' : 'Enable'}
      </Button>
      <ButtonLink to="/jobs/$id/edit" params={{ id }} variant="default">
        Edit
      </ButtonLink>
      <ConfirmButton
        question={`Delete ${name}?`}
        consequence="It runs no more, its trigger keys stop working, and an open alert is closed. Its tests stay. This cannot be undone."
        confirm="Delete the job"
        onConfirm={async () => {
          await call('deleteJob', { params: { id } });
          await navigate({ to: '/jobs' });
          void queries.invalidateQueries({ queryKey: about('jobs') });
        }}
      >
        Delete
      </ConfirmButton>
    </>
  );
}
