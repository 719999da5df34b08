import { zodResolver } from '@hookform/resolvers/zod';
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { PASSWORD_LENGTH, setupInput } from '@tocsin/http-api';
import { useForm } from 'react-hook-form';
import type { z } from 'zod';
import { call } from '../../api/call.js';
import { queryOf } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { sessionQuery } from '../../session/session.js';
import { Doorway } from '../../shell/doorway.js';

type Administrator = z.input<typeof setupInput>;

export function Welcome() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { data: setup } = useQuery(queryOf('getSetup'));
  const { register, handleSubmit, formState } = useForm<Administrator>({
    resolver: zodResolver(setupInput),
    defaultValues: { name: '', email: '', password: '' },
  });
  const setUp = useMutation({
    meta: { staysHere: true },
    mutationFn: (body: Administrator) => call('setUp', { body }),
    onSuccess: async (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/' });
    },
  });
  const { errors } = formState;

  return (
    <Doorway title="Welcome to Tocsin">
      <form noValidate onSubmit={(event) => void handleSubmit((given) => setUp.mutate(given))(event)}>
        <Stack gap="sm">
          <Text c="dimmed">Nobody has an account here yet. Make the first one: it may do everything.</Text>
          <TextInput
            label="Your name"
            autoComplete="name"
            required
            error={errors.name?.message}
            {...register('name')}
          />
          <TextInput
            label="E-mail"
            description="You sign in with it"
            type="email"
            autoComplete="username"
            required
            error={errors.email?.message}
            {...register('email')}
          />
          <PasswordInput
            label="Password"
            description={`At least ${PASSWORD_LENGTH.least} characters`}
            autoComplete="new-password"
            required
            error={errors.password?.message}
            {...register('password')}
          />
          {setup?.codeRequired === true && (
            <TextInput
              label="Administrator's token"
              description="Shows that this is your server: the first start wrote it to a file, whose place “npm start” prints"
              required
              error={errors.code?.message}
              {...register('code')}
            />
          )}
          {setUp.isError && <Problem error={setUp.error} />}
          <Button type="submit" size="sm" loading={setUp.isPending} fullWidth>
            Create the administrator
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}
