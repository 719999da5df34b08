import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SubscriptionAttempt } from '@tocsin/http-api';
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { queryOf } from '../../api/queries.js';
import { words } from '../../parts/amounts.js';
import { Instant } from '../../parts/instant.js';
import { Mark } from '../../parts/mark.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';

const SHOWN = 20;
const READ_AGAIN_MS = 10_000;

const MARKS = {
  started: { tone: 'info', icon: CircleDashed },
  delivered: { tone: 'good', icon: CircleCheck },
  failed: { tone: 'bad', icon: CircleX },
  interrupted: { tone: 'warn', icon: CircleDashed },
} as const;

/** The last attempts at sending. */
export function Attempts({ id }: { readonly id: string }) {
  const attempts = useQuery({
    ...queryOf('listSubscriptionAttempts', { params: { id }, query: { limit: SHOWN } }),
    refetchInterval: READ_AGAIN_MS,
  });
  if (attempts.isPending) return <Waiting />;
  if (attempts.isError) return <Problem error={attempts.error} retry={() => void attempts.refetch()} />;
  const { items } = attempts.data;
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing was sent yet.
      </Text>
    );
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Event</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th>When</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((attempt) => (
          <Row key={attempt.number} attempt={attempt} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ attempt }: { readonly attempt: SubscriptionAttempt }) {
  const { eventType, eventId, outcome, status, reason, excerpt, startedAt } = attempt;
  const answer = status === null || status === 0 ? (reason === null ? '' : words(reason)) : String(status);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm">{eventType}</Text>
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {eventId}
        </Text>
      </Table.Td>
      <Table.Td>
        <Mark {...MARKS[outcome]} word={outcome} />
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }} lineClamp={2} title={excerpt}>
          {outcome === 'delivered' ? answer : `${answer} ${excerpt}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <Instant at={startedAt} />
      </Table.Td>
    </Table.Tr>
  );
}
