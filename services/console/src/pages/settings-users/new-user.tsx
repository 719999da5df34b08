import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ROLES, type Role } from '@tocsin/http-api';
import { Controller, useForm } from 'react-hook-form';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { ShownOnce } from '../../parts/shown-once.js';

interface Given {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

const ABOUT: Readonly<Record<Role, string>> = {
  viewer: 'Sees everything but secrets',
  editor: 'Changes monitors, jobs, tests, providers and variables, and acknowledges alerts',
  admin: 'Manages users and tokens as well, and reads the audit trail',
};

export function NewUser({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New user" closeButtonProps={{ 'aria-label': 'Close' }}>
      {isOpen && <Form onClose={onClose} />}
    </Modal>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const { register, control, handleSubmit, formState } = useForm<Given>({
    defaultValues: { email: '', name: '', role: 'viewer' },
  });
  const creation = useMutation({
    mutationFn: (body: Given) => call('createUser', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: about('users') }),
  });

  if (creation.isSuccess)
    return (
      <Stack gap="md">
        <ShownOnce label="One-time password" secret={creation.data.password ?? ''}>
          {`Hand it to ${creation.data.name}, who signs in with ${creation.data.email} and chooses another.`}
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
          label="E-mail"
          type="email"
          description="To sign in with. Nothing is sent to it."
          withAsterisk
          data-autofocus
          autoComplete="off"
          error={formState.errors.email?.message}
          {...register('email', { validate: (email) => email.includes('@') || 'Must be an e-mail address' })}
        />
        <TextInput
          label="Name"
          withAsterisk
          autoComplete="off"
          error={formState.errors.name?.message}
          {...register('name', { validate: (name) => name.trim() !== '' || 'Say who it is' })}
        />
        <Controller
          control={control}
          name="role"
          render={({ field }) => (
            <Radio.Group label="Role" value={field.value} onChange={field.onChange}>
              <Stack gap="xs" mt={4}>
                {ROLES.map((role) => (
                  <Radio key={role} value={role} label={role} description={ABOUT[role]} />
                ))}
              </Stack>
            </Radio.Group>
          )}
        />
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
