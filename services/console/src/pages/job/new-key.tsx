import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { CopyText, ShownOnce } from '../../parts/shown-once.js';
import classes from './new-key.module.css';

const DAY_MS = 86_400_000;
const LIFETIMES = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

interface NewKeyProps {
  readonly jobId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks for a name, then shows the key once, with how to use it. */
export function NewKey({ jobId, isOpen, onClose }: NewKeyProps) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('');
  const [limit, setLimit] = useState<number | string>(100);
  const create = useMutation({
    mutationFn: () =>
      call('createJobKey', {
        params: { id: jobId },
        body: {
          name,
          limit: Number(limit),
          ...(days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
        },
      }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: about('jobs') }),
  });

  function close(): void {
    onClose();
    create.reset();
    setName('');
  }
  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    create.mutate();
  }

  const { data } = create;
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={data === undefined ? 'New trigger key' : `Trigger key ${data.name}`}
      size="lg"
      // A click beside it must not throw away what is shown once.
      closeOnClickOutside={data === undefined}
      closeOnEscape={data === undefined}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {data === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              label="Name"
              description="Which system uses it"
              placeholder="Deployment of the shop"
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              maxLength={255}
              required
              data-autofocus
            />
            <Group grow align="flex-start">
              <Select
                label="Expires"
                data={LIFETIMES}
                value={days}
                onChange={(value) => setDays(value ?? '')}
                allowDeselect={false}
              />
              <NumberInput
                label="Starts in a minute, at most"
                value={limit}
                onChange={setLimit}
                min={1}
                max={10_000}
                allowDecimal={false}
              />
            </Group>
            <Problem error={create.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
                Create key
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <ShownOnce label="Trigger key" secret={data.key} />
          <Example command={curlOf(jobId, data.key)} />
          <Group justify="flex-end">
            <Button onClick={close}>I have copied it</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

const curlOf = (jobId: string, key: string): string =>
  `curl -X POST ${location.origin}/api/v1/jobs/${jobId}/trigger \\\n  -H 'Authorization: Bearer ${key}'`;

function Example({ command }: { readonly command: string }) {
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text fw={600}>Start the job with it</Text>
        <CopyText text={command} />
      </Group>
      <pre className={classes.command}>{command}</pre>
      <Text size="sm" c="dimmed" mt={4}>
        The answer has the id of the run; it may also be asked with an <code>Idempotency-Key</code>, so that a
        repeat starts nothing twice.
      </Text>
    </div>
  );
}
