import { Button, Group, Modal, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { SCOPES, type Scope } from '@tocsin/http-api';
import { Controller, useForm } from 'react-hook-form';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { EXPIRIES, type Expiry, expiryOf } from './expiry.js';

interface Given {
  readonly name: string;
  readonly scope: Scope;
  readonly expiry: Expiry;
}

const ABOUT: Readonly<Record<Scope, string>> = {
  read: 'See everything but secrets',
  write: 'And change monitors, jobs, tests, providers and variables',
  admin: 'And manage users and tokens',
};

export function NewToken({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New token" closeButtonProps={{ 'aria-label': 'Close' }}>
      {isOpen && <Form onClose={onClose} />}
    </Modal>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { register, control, handleSubmit, formState } = useForm<Given>({
    defaultValues: { name: '', scope: 'read', expiry: '90' },
  });
  const creation = useMutation({
    mutationFn: ({ name, scope, expiry }: Given) => {
      const expiresAt = expiryOf(expiry, Date.now());
      return call('createToken', {
        body: { name, scopes: [scope], ...(expiresAt === undefined ? {} : { expiresAt }) },
      });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: about('tokens') }),
  });

  if (creation.isSuccess)
    return (
      <Stack gap="md">
        <ShownOnce label="API token" secret={creation.data.token}>
          {`Send it with each request: Authorization: Bearer <token>`}
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
          description="Which program it is for"
          withAsterisk
          data-autofocus
          autoComplete="off"
          error={formState.errors.name?.message}
          {...register('name', { validate: (name) => name.trim() !== '' || 'Give it a name' })}
        />
        <Controller
          control={control}
          name="scope"
          render={({ field }) => (
            <Radio.Group label="It may" value={field.value} onChange={field.onChange}>
              <Stack gap="xs" mt={4}>
                {SCOPES.map((scope) => (
                  <Radio key={scope} value={scope} label={scope} description={ABOUT[scope]} />
                ))}
              </Stack>
            </Radio.Group>
          )}
        />
        <NativeSelect label="Expires" data={EXPIRIES} maw={200} {...register('expiry')} />
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
