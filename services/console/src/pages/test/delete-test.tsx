import { Button, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TestUsage, TestView } from '@tocsin/http-api';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { plural } from '../../parts/amounts.js';
import { ConfirmButton } from '../../parts/confirm-button.js';

const NONE: TestUsage = { jobs: [], monitors: [] };

/** Says who uses the test before it is gone. A monitor has nothing but its test, so it is never left without one. */
export function DeleteTest({ test: { id, name } }: { readonly test: TestView }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data: usage } = useQuery(queryOf('getTestUsage', { params: { id } }));
  const { jobs, monitors } = usage ?? NONE;
  if (monitors.length > 0)
    return (
      <Button
        variant="default"
        disabled
        title={`${namesOf(monitors)} checks with it: delete the monitor, or give it another test, first`}
      >
        Delete
      </Button>
    );
  return (
    <ConfirmButton
      question={`Delete ${name}?`}
      consequence={
        jobs.length === 0 ? (
          'No job uses it. What its runs were stays readable. This cannot be undone.'
        ) : (
          <>
            <Text fw={600}>
              {plural(jobs.length, 'job uses', 'jobs use')} it: {namesOf(jobs)}.
            </Text>
            <Text mt="xs">
              It is taken out of {jobs.length === 1 ? 'that job, which goes' : 'those jobs, which go'} on
              without it. A job that has no other test loses its schedule, too. This cannot be undone.
            </Text>
          </>
        )
      }
      confirm={jobs.length === 0 ? 'Delete the test' : 'Take it out and delete it'}
      disabled={usage === undefined}
      onConfirm={async () => {
        await call('deleteTest', { params: { id }, query: jobs.length === 0 ? {} : { force: true } });
        await navigate({ to: '/tests', ignoreBlocker: true });
        void queries.invalidateQueries({ queryKey: about('tests') });
        void queries.invalidateQueries({ queryKey: about('jobs') });
      }}
    >
      Delete
    </ConfirmButton>
  );
}

const SHOWN = 5;

const namesOf = (users: readonly { readonly name: string }[]): string =>
  users
    .slice(0, SHOWN)
    .map(({ name }) => name)
    .join(', ') + (users.length > SHOWN ? ` and ${users.length - SHOWN} more` : '');
