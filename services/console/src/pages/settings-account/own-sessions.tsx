import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OwnSession } from '@tocsin/http-api';
import { CircleCheck } from 'lucide-react';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { Instant } from '../../parts/instant.js';
import { Mark } from '../../parts/mark.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { browserName } from './browser-name.js';

export function OwnSessions() {
  const queries = useQueryClient();
  const sessions = useQuery(queryOf('listOwnSessions'));
  if (sessions.isPending) return <Waiting rows={2} height={40} />;
  if (sessions.isError) return <Problem error={sessions.error} retry={() => void sessions.refetch()} />;
  const { items } = sessions.data;
  return (
    <Stack gap="sm">
      {items.map((session) => (
        <Session key={session.id} session={session} />
      ))}
      {items.length > 1 && (
        <Group>
          <ConfirmButton
            question="End all other sessions?"
            consequence="Everywhere but here you have to sign in again."
            confirm="End them"
            onConfirm={async () => {
              await call('endOtherSessions');
              await queries.invalidateQueries({ queryKey: about('sessions') });
            }}
          >
            End all others
          </ConfirmButton>
        </Group>
      )}
    </Stack>
  );
}

function Session({
  session: { id, current, lastSeenAt, createdAt, network, userAgent },
}: {
  readonly session: OwnSession;
}) {
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => call('endOwnSession', { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: about('sessions') }),
  });
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={500} title={userAgent ?? undefined}>
            {browserName(userAgent)}
          </Text>
          {current && <Mark tone="good" icon={CircleCheck} word="This one" />}
        </Group>
        <Text component="div" size="sm" c="dimmed">
          {network === null ? '' : `${network}, `}seen <Instant at={lastSeenAt} />, signed in{' '}
          <Instant at={createdAt} />
        </Text>
        <Problem error={end.error} />
      </div>
      {!current && (
        <Button
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate()}
          style={{ flexShrink: 0 }}
        >
          End
        </Button>
      )}
    </Group>
  );
}
