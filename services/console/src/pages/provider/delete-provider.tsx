import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ProviderView } from '@tocsin/http-api';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { countOf, Users, usageQuery } from './usage.js';

/** A provider in use is deleted only by who says so: what uses it goes on without it. */
export function DeleteProvider({ provider }: { readonly provider: ProviderView }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        Delete
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`Delete “${provider.name}”?`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {isOpen && <Question provider={provider} onClose={close} />}
      </Modal>
    </>
  );
}

function Question({
  provider: { id },
  onClose,
}: {
  readonly provider: ProviderView;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isForced, setForced] = useState(false);
  const usage = useQuery({ ...usageQuery(id), staleTime: 0 });
  const deletion = useMutation({
    mutationFn: () =>
      call('deleteNotificationProvider', { params: { id }, query: isForced ? { force: true } : {} }),
    onSuccess: async () => {
      await navigate({ to: '/providers' });
      queries.removeQueries({ queryKey: usageQuery(id).queryKey });
      await queries.invalidateQueries({ queryKey: about('notification-providers') });
    },
    onError: () => usage.refetch(),
  });
  if (usage.isPending) return <Waiting rows={3} height={20} />;
  const isUsed = (usage.data?.count ?? 0) > 0;
  return (
    <Stack gap="md">
      {isUsed && usage.data !== undefined ? (
        <>
          <Text>It is used by {countOf(usage.data)}:</Text>
          <Users usage={usage.data} />
          <Checkbox
            label="Take it out of all of them, and delete it"
            description="Those that tell nobody else get their alerts switched off. Open alerts are told to it no more, not even that they are resolved."
            checked={isForced}
            onChange={(event) => setForced(event.currentTarget.checked)}
          />
        </>
      ) : (
        <Text>
          Nothing uses it. Its settings and secrets are gone for good; what it was told stays in the history.
        </Text>
      )}
      <Problem error={usage.error ?? deletion.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red.8"
          disabled={isUsed && !isForced}
          loading={deletion.isPending}
          onClick={() => deletion.mutate()}
        >
          Delete
        </Button>
      </Group>
    </Stack>
  );
}
