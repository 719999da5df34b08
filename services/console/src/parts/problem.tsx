import { Alert, Button, Group, List, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { ApiError, sentenceOf } from '../api/api-error.js';

interface ProblemProps {
  readonly error: unknown;
  /** offered when trying again can help */
  readonly retry?: () => void;
}

/** What went wrong, where, and what can be done. */
export function Problem({ error, retry }: ProblemProps) {
  if (error === null || error === undefined) return null;
  const fields = error instanceof ApiError ? error.fields : [];
  // What the request was called is of use to who reads our log, and only what is our fault is in it.
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : undefined;
  return (
    <Alert color="red" variant="light" icon={<CircleAlert aria-hidden />} role="alert">
      <Text size="md" c="var(--bad)" style={{ overflowWrap: 'anywhere' }}>
        {sentenceOf(error)}
      </Text>
      {fields.length > 1 && (
        <List size="sm" mt="xs">
          {fields.map(({ field, message }) => (
            <List.Item key={`${field} ${message}`}>
              {field}: {message}
            </List.Item>
          ))}
        </List>
      )}
      <Group mt={retry === undefined && requestId === undefined ? 0 : 'xs'} gap="sm">
        {retry !== undefined && (
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {requestId !== undefined && (
          <Text size="xs" c="dimmed">
            Request {requestId}
          </Text>
        )}
      </Group>
    </Alert>
  );
}
