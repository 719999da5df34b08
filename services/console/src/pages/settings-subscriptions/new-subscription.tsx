import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { DEFAULT_SUBSCRIBED_TYPES, type SubscriptionView, subscriptionInput } from '@tocsin/http-api';
import { Controller, useForm } from 'react-hook-form';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { TYPE_WORDS } from './subscription-words.js';

type EventType = SubscriptionView['eventTypes'][number];

interface Given {
  readonly name: string;
  readonly url: string;
  readonly eventTypes: EventType[];
  readonly from: 'now' | 'start';
}

const BEGINNINGS = [
  { value: 'now', label: 'with what happens from now on' },
  { value: 'start', label: 'with the first event there is' },
];

export function NewSubscription({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="New subscription"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isOpen && <Form onClose={onClose} />}
    </Modal>
  );
}

/** What the schema says of an address, in one sentence. */
function urlProblem(url: string): true | string {
  const parsed = subscriptionInput.shape.url.safeParse(url);
  return parsed.success || (parsed.error.issues[0]?.message ?? 'is not an address');
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { register, control, handleSubmit, formState } = useForm<Given>({
    defaultValues: { name: '', url: '', eventTypes: [...DEFAULT_SUBSCRIBED_TYPES], from: 'now' },
  });
  const creation = useMutation({
    mutationFn: (body: Given) => call('createSubscription', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: about('subscriptions') }),
  });

  if (creation.isSuccess)
    return (
      <Stack gap="md">
        <ShownOnce label="Signing secret" secret={creation.data.signingSecret ?? ''}>
          The receiver checks with it that a request is ours, as Standard Webhooks says.
        </ShownOnce>
        <Group justify="flex-end">
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Stack>
    );
  return (
    <form noValidate onSubmit={(event) => void handleSubmit((given) => creation.mutate(given))(event)}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Which system it is"
          withAsterisk
          data-autofocus
          autoComplete="off"
          error={formState.errors.name?.message}
          {...register('name', { validate: (name) => name.trim() !== '' || 'Give it a name' })}
        />
        <TextInput
          label="Address"
          description="Each event is posted there; it is not shown again"
          withAsterisk
          type="url"
          placeholder="https://"
          autoComplete="off"
          error={formState.errors.url?.message}
          {...register('url', { validate: urlProblem })}
        />
        <Controller
          control={control}
          name="eventTypes"
          rules={{ validate: (types) => types.length > 0 || 'Choose at least one' }}
          render={({ field, fieldState }) => (
            <Checkbox.Group
              label="It is told when"
              value={field.value}
              onChange={field.onChange}
              error={fieldState.error?.message}
            >
              <Stack gap="xs" mt={4}>
                {Object.entries(TYPE_WORDS).map(([type, label]) => (
                  <Checkbox key={type} value={type} label={label} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        />
        <NativeSelect label="It begins" data={BEGINNINGS} {...register('from')} />
        <Problem error={creation.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={creation.isPending}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
