import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { call } from '../../api/call.js';
import { Problem } from '../../parts/problem.js';
import { sessionQuery } from '../../session/session.js';
import { Doorway } from '../../shell/doorway.js';

const SHORTEST_PASSWORD = 12;

interface Administrator {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

export function Welcome() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { register, handleSubmit, formState } = useForm<Administrator>();
  const setUp = useMutation({
    mutationFn: (body: Administrator) => call('setUp', { body }),
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
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
            {...register('name', { required: 'Say who you are' })}
          />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            error={errors.email?.message}
            {...register('email', { required: 'You sign in with it' })}
          />
          <PasswordInput
            label="Password"
            description={`At least ${SHORTEST_PASSWORD} characters`}
            autoComplete="new-password"
            required
            error={errors.password?.message}
            {...register('password', {
              required: 'Choose one',
              minLength: { value: SHORTEST_PASSWORD, message: `At least ${SHORTEST_PASSWORD} characters` },
            })}
          />
          {setUp.isError && <Problem error={setUp.error} />}
          <Button type="submit" size="sm" loading={setUp.isPending} fullWidth>
            Create the administrator
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}
