import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PASSWORD_LENGTH } from '@tocsin/http-api';
import { useForm } from 'react-hook-form';
import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { sentence } from '../../parts/amounts.js';
import { Problem } from '../../parts/problem.js';
import { sessionQuery } from '../../session/session.js';

interface Passwords {
  readonly current: string;
  readonly next: string;
}

export function ChangePassword({ email }: { readonly email: string }) {
  const queries = useQueryClient();
  const { register, handleSubmit, formState, reset, setError } = useForm<Passwords>({
    defaultValues: { current: '', next: '' },
  });
  const change = useMutation({
    // A wrong password is no reason to be led to the sign-in page.
    meta: { staysHere: true },
    mutationFn: (body: Passwords) => call('changePassword', { body }),
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      for (const { field, message } of error.fields)
        if (field === 'current' || field === 'next') setError(field, { message: sentence(message) });
    },
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      void queries.invalidateQueries({ queryKey: about('sessions') });
      reset();
      notifications.show({
        color: 'green',
        message: 'Your password is changed. All your other sessions have ended.',
      });
    },
  });
  const length = `At least ${PASSWORD_LENGTH.least} characters`;
  return (
    <form noValidate onSubmit={(event) => void handleSubmit((given) => change.mutate(given))(event)}>
      <Stack gap="sm" maw={360}>
        {/* For password managers, which remember whose it is. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Password now"
          autoComplete="current-password"
          error={formState.errors.current?.message}
          {...register('current', { required: 'It shows that it is you' })}
        />
        <PasswordInput
          label="New password"
          description={length}
          autoComplete="new-password"
          error={formState.errors.next?.message}
          {...register('next', {
            required: 'Choose one',
            minLength: { value: PASSWORD_LENGTH.least, message: length },
          })}
        />
        {Object.keys(formState.errors).length === 0 && <Problem error={change.error} />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change the password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
