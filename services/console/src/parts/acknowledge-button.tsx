import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlertItem } from '@tocsin/http-api';
import { CheckCheck } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/call.js';
import { about } from '../api/queries.js';
import { useMay } from '../session/session.js';
import { Problem } from './problem.js';

type AcknowledgeButtonProps = Pick<AlertItem, 'id' | 'targetName' | 'state' | 'acknowledgedAt'> & {
  /** asks for a note first */
  readonly withNote?: boolean;
};

/** Says that somebody is on it; gone once somebody is, and not there for who may not say so. */
export function AcknowledgeButton({
  id,
  targetName,
  state,
  acknowledgedAt,
  withNote,
}: AcknowledgeButtonProps) {
  const queries = useQueryClient();
  const may = useMay('editor');
  const [isOpen, { open, close }] = useDisclosure(false);
  const [note, setNote] = useState('');
  const acknowledge = useMutation({
    mutationFn: () => call('acknowledgeAlert', { params: { id }, body: { note } }),
    onSuccess: close,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: about('alerts') }),
        queries.invalidateQueries({ queryKey: about('overview') }),
      ]),
  });
  if (!may || state !== 'open' || acknowledgedAt !== null) return null;

  return (
    <>
      <Button
        variant="default"
        leftSection={<CheckCheck size={14} aria-hidden />}
        loading={acknowledge.isPending}
        aria-label={`Acknowledge the alert of ${targetName}`}
        onClick={withNote === true ? open : () => acknowledge.mutate()}
      >
        {acknowledge.isError ? 'Try again' : 'Acknowledge'}
      </Button>
      {withNote === true && (
        <Modal
          opened={isOpen}
          onClose={close}
          title="You are on it"
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <Stack gap="sm">
            <Text c="dimmed">Everybody who looks at the alert sees who took it, when, and this note.</Text>
            <Textarea
              label="Note"
              placeholder="Rolling back the release of 14:00"
              value={note}
              maxLength={2_000}
              autosize
              minRows={2}
              maxRows={8}
              data-autofocus
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Problem error={acknowledge.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button loading={acknowledge.isPending} onClick={() => acknowledge.mutate()}>
                Acknowledge
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}
