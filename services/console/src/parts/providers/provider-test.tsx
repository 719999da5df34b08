import { Alert, Code, Loader, Text } from '@mantine/core';
import { type MutationOptions, type QueryClient, useMutation, useMutationState } from '@tanstack/react-query';
import type { ProviderTestAnswer } from '@tocsin/http-api';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import { call } from '../../api/call.js';
import { sentence } from '../amounts.js';
import { Problem } from '../problem.js';

const keyOf = (id: string) => ['test-provider', id];

const testOf = (id: string): MutationOptions<ProviderTestAnswer, Error, void> => ({
  mutationKey: keyOf(id),
  mutationFn: () => call('testNotificationProvider', { params: { id } }),
});

/** Sends a test message; `ProviderTestResult` shows what came of it. */
export const useProviderTest = (id: string) => useMutation(testOf(id));

/** The same on the way to the page that shows it. */
export const startProviderTest = (queries: QueryClient, id: string): void => {
  const test = queries.getMutationCache().build(queries, testOf(id));
  // What went wrong is shown by ProviderTestResult.
  test.execute(undefined).catch(() => undefined);
};

const WORDS = {
  delivered: { color: 'green', icon: CircleCheck, title: 'The provider took the test message' },
  not_now: { color: 'yellow', icon: Clock, title: 'Not now: another try later may work' },
  never: { color: 'red', icon: CircleX, title: 'It will not work like this' },
} as const;

/** The last test of a provider and what the provider answered. */
export function ProviderTestResult({ id }: { readonly id: string }) {
  const last = useMutationState({ filters: { mutationKey: keyOf(id) }, select: ({ state }) => state }).at(-1);
  if (last?.status === 'pending')
    return (
      <Alert variant="light" icon={<Loader size={16} />} title="Sending a test message…">
        <Text size="sm">The provider has not answered yet.</Text>
      </Alert>
    );
  if (last?.status === 'error') return <Problem error={last.error} />;
  if (last?.status !== 'success') return null;
  return <Answer answer={last.data as ProviderTestAnswer} />;
}

function Answer({ answer: { result, status, excerpt, reason } }: { readonly answer: ProviderTestAnswer }) {
  const { color, icon: Icon, title } = WORDS[result];
  return (
    <Alert variant="light" color={color} icon={<Icon aria-hidden />} title={title}>
      <Text size="sm">
        {status === 0 ? 'It gave no status code' : `It answered ${status}`}
        {reason === undefined ? '.' : `. ${sentence(reason)}`}
      </Text>
      {excerpt !== '' && (
        <Code
          block
          mt={6}
          mah={160}
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', overflow: 'auto' }}
        >
          {excerpt}
        </Code>
      )}
    </Alert>
  );
}
