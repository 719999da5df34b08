import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { PASSWORD_LENGTH } from '@tocsin/http-api';
import { useForm } from 'react-hook-form';
import { call } from '../../api/call.js';
import { Problem } from '../../parts/problem.js';
import { sessionQuery } from '../../session/session.js';
import { Doorway } from '../../shell/doorway.js';

interface Passwords {
  readonly current: string;
  readonly next: string;
}

/** For who came with a password that somebody else knows. */
export function NewPassword() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { register, handleSubmit, formState } = useForm<Passwords>();
  const change = useMutation({
    meta: { staysHere: true },
    mutationFn: (body: Passwords) => call('changePassword', { body }),
    onSuccess: async (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/' });
    },
  });
  const tooShort = `At least ${PASSWORD_LENGTH.least} characters`;

  return (
    <Doorway title="Choose your password">
      <form noValidate onSubmit={(event) => void handleSubmit((given) => change.mutate(given))(event)}>
        <Stack gap="sm">
          <Text c="dimmed">The one you came with was made for you. Only you should know the next.</Text>
          <PasswordInput
            label="Password you came with"
            autoComplete="current-password"
            required
            error={formState.errors.current?.message}
            {...register('current', { required: 'It shows that it is you' })}
          />
          <PasswordInput
            label="New password"
            description={tooShort}
            autoComplete="new-password"
            required
            error={formState.errors.next?.message}
            {...register('next', {
              required: 'Choose one',
              minLength: { value: PASSWORD_LENGTH.least, message: tooShort },
            })}
          />
          {change.isError && <Problem error={change.error} />}
          <Button type="submit" size="sm" loading={change.isPending} fullWidth>
            Go on with this password
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}
