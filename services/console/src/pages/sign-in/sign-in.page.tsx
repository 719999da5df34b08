import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { ApiError } from '../../api/api-error.js';
import { call } from '../../api/call.js';
import { queryOf } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';
import { safeReturn } from '../../session/guard.js';
import { sessionQuery } from '../../session/session.js';
import { Doorway } from '../../shell/doorway.js';

const route = getRouteApi('/sign-in');

interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly code: string;
}

export function SignIn() {
  const { to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const { data: setup } = useQuery(queryOf('getSetup'));
  const { register, handleSubmit, setFocus } = useForm<Credentials>({
    defaultValues: { email: '', password: '', code: '' },
  });
  const signIn = useMutation({
    meta: { staysHere: true },
    mutationFn: ({ code, ...credentials }: Credentials) =>
      call('signIn', { body: { ...credentials, ...(code === '' ? {} : { code: code.trim() }) } }),
    onSuccess: async () => {
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      router.history.push(safeReturn(to));
    },
  });
  const wantsCode = signIn.error instanceof ApiError && signIn.error.code === 'code_required';

  useEffect(() => {
    if (wantsCode) setFocus('code');
  }, [wantsCode, setFocus]);

  return (
    <Doorway title="Sign in">
      <form onSubmit={(event) => void handleSubmit((given) => signIn.mutate(given))(event)}>
        <Stack gap="sm">
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            data-autofocus
            {...register('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...register('password')}
          />
          {(wantsCode || (signIn.variables?.code !== undefined && signIn.variables.code !== '')) && (
            <TextInput
              label="Code"
              description="Six digits of your authenticator app"
              inputMode="numeric"
              autoComplete="one-time-code"
              {...register('code')}
            />
          )}
          {signIn.isError && !wantsCode && <Problem error={signIn.error} />}
          <Button type="submit" size="sm" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
          {setup?.oidc && (
            <Anchor href={`/api/v1/session/oidc?returnTo=${encodeURIComponent(safeReturn(to))}`} ta="center">
              Sign in with {setup.oidc.name}
            </Anchor>
          )}
        </Stack>
      </form>
    </Doorway>
  );
}
