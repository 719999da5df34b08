import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SubscriptionView } from '@tocsin/http-api';
import { CircleCheck, CircleX, Send } from 'lucide-react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { words } from '../../parts/amounts.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { Instant } from '../../parts/instant.js';
import { Problem } from '../../parts/problem.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { Attempts } from './attempts.js';
import { SubscriptionMark } from './subscription-mark.js';
import { behindText, standingText } from './subscription-words.js';

interface SubscriptionDialogProps {
  readonly subscription: SubscriptionView | undefined;
  readonly mayEdit: boolean;
  readonly onClose: () => void;
}

export function SubscriptionDialog({ subscription, mayEdit, onClose }: SubscriptionDialogProps) {
  return (
    <Modal
      opened={subscription !== undefined}
      onClose={onClose}
      size="lg"
      title={subscription?.name}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {subscription !== undefined && (
        <Stack gap="md">
          <Standing subscription={subscription} />
          {mayEdit && <Actions key={subscription.id} subscription={subscription} onClose={onClose} />}
          <Attempts id={subscription.id} />
        </Stack>
      )}
    </Modal>
  );
}

function Standing({ subscription }: { readonly subscription: SubscriptionView }) {
  const { delivery, eventTypes, previousSecretUntil } = subscription;
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <SubscriptionMark {...subscription} />
        <Text size="sm">{standingText(subscription)}</Text>
      </Group>
      <Text component="div" size="sm">
        Waiting to be sent: {behindText(delivery.behind)}. Last delivered:{' '}
        <Instant at={delivery.lastDeliveredAt} />.
        {delivery.nextAttemptAt !== null && (
          <>
            {' '}
            Next attempt: <Instant at={delivery.nextAttemptAt} />.
          </>
        )}
      </Text>
      <Text size="xs" c="dimmed">
        {eventTypes.join(', ')}
      </Text>
      {previousSecretUntil !== null && (
        <Text component="div" size="xs" c="dimmed">
          The secret before signs as well, until: <Instant at={previousSecretUntil} />
        </Text>
      )}
    </Stack>
  );
}

function Actions({
  subscription: { id, state, name },
  onClose,
}: {
  readonly subscription: SubscriptionView;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const readAgain = () => queries.invalidateQueries({ queryKey: about('subscriptions') });
  const params = { id };
  const test = useMutation({ mutationFn: () => call('testSubscription', { params }) });
  const resume = useMutation({
    mutationFn: () => call('resumeSubscription', { params }),
    onSuccess: readAgain,
  });
  const rotation = useMutation({
    mutationFn: () => call('rotateSubscriptionSecret', { params, body: {} }),
    onSuccess: readAgain,
  });
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<Send size={14} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Send a ping
        </Button>
        {state !== 'delivering' && (
          <Button variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
            {state === 'disabled' ? 'Go on' : 'Try now'}
          </Button>
        )}
        <ConfirmButton
          question={`Another signing secret for “${name}”?`}
          consequence="It is shown once. The present one signs as well for another day, so that the receiver can change without a gap."
          confirm="Make it"
          onConfirm={() => rotation.mutateAsync()}
        >
          Rotate secret
        </ConfirmButton>
        <ConfirmButton
          question={`Send everything to “${name}” again?`}
          consequence="Each event from the first one on, with the ids they had: a receiver that keeps them does nothing twice."
          confirm="Send again"
          onConfirm={async () => {
            await call('replaySubscription', { params, body: { from: 'start' } });
            await readAgain();
          }}
        >
          Replay
        </ConfirmButton>
        <ConfirmButton
          question={`Delete “${name}”?`}
          consequence="Nothing more is sent, and how far it had come is forgotten. This cannot be undone."
          onConfirm={async () => {
            await call('deleteSubscription', { params });
            await readAgain();
            onClose();
          }}
        >
          Delete
        </ConfirmButton>
      </Group>
      <Problem error={test.error ?? resume.error} />
      {rotation.data?.signingSecret !== undefined && (
        <ShownOnce label="Signing secret" secret={rotation.data.signingSecret} />
      )}
      {test.data !== undefined && (
        <Alert
          variant="light"
          color={test.data.result === 'delivered' ? 'green' : 'red'}
          icon={test.data.result === 'delivered' ? <CircleCheck aria-hidden /> : <CircleX aria-hidden />}
          title={
            test.data.result === 'delivered' ? 'The receiver took the ping' : 'The receiver did not take it'
          }
        >
          <Text size="sm">
            {test.data.status === 0 ? 'There was no answer' : `It answered ${test.data.status}`}
            {test.data.reason === undefined ? '.' : `: ${words(test.data.reason)}. ${test.data.excerpt}`}
          </Text>
        </Alert>
      )}
    </Stack>
  );
}
