import { Button, type ButtonProps } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { sentenceOf } from '../../api/api-error.js';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';

interface RunNowProps extends ButtonProps {
  readonly jobId: string;
  readonly name: string;
  readonly word?: string;
}

/** Starts a run, and goes where one can watch it. */
export function RunNow({ jobId, name, word = 'Run now', ...button }: RunNowProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: () => call('runJob', { params: { id: jobId } }),
    onSuccess: ({ runId }) => {
      void queries.invalidateQueries({ queryKey: about('runs') });
      void queries.invalidateQueries({ queryKey: about('jobs') });
      void navigate({ to: '/runs/$id', params: { id: runId }, search: { tab: 'output' } });
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: `${name} was not started`, message: sentenceOf(error) }),
  });
  return (
    <Button
      variant="default"
      leftSection={<Play size={14} aria-hidden />}
      {...button}
      aria-label={`${word}: ${name}`}
      loading={run.isPending}
      onClick={() => run.mutate()}
    >
      {word}
    </Button>
  );
}
