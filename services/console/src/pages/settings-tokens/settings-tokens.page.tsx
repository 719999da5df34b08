import { Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { TokenView } from '@tocsin/http-api';
import { Eye, KeyRound, Pencil, Plus, ShieldAlert } from 'lucide-react';
import { call } from '../../api/call.js';
import { about, pagesOf } from '../../api/queries.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { Empty } from '../../parts/empty.js';
import { Instant } from '../../parts/instant.js';
import { Mark } from '../../parts/mark.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { NewToken } from './new-token.js';

export function Tokens() {
  const isAdmin = useMay('admin');
  const [isMaking, making] = useDisclosure(false);
  const tokens = useInfiniteQuery({ ...pagesOf('listTokens', { query: { limit: 100 } }), enabled: isAdmin });
  const items = tokens.data?.pages.flatMap((page) => page.items) ?? [];
  const make = (
    <Button leftSection={<Plus size={14} aria-hidden />} onClick={making.open}>
      New token
    </Button>
  );

  return (
    <>
      <PageHeader
        title="API tokens"
        about="For programs: with one as Bearer token they may do what its scope says, without signing in"
        actions={isAdmin && make}
      />
      {!isAdmin && <Text c="dimmed">Tokens are for administrators to see and to make.</Text>}
      {isAdmin && tokens.isPending && <Waiting />}
      {tokens.isError && <Problem error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isSuccess && items.length === 0 && (
        <Empty icon={KeyRound} title="No tokens yet" action={make}>
          Make one for each program that uses the api, so that each can be taken away without stopping the
          others.
        </Empty>
      )}
      {items.length > 0 && <Rows tokens={items} />}
      <MoreButton pages={tokens} />
      <NewToken isOpen={isMaking} onClose={making.close} />
    </>
  );
}

const SCOPE_MARKS = {
  read: { tone: 'calm', icon: Eye },
  write: { tone: 'info', icon: Pencil },
  admin: { tone: 'warn', icon: ShieldAlert },
} as const;

const isOver = ({ expiresAt }: TokenView): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= Date.now();

function Rows({ tokens }: { readonly tokens: readonly TokenView[] }) {
  const queries = useQueryClient();
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>Scope</Table.Th>
          <Table.Th visibleFrom="sm">Last used</Table.Th>
          <Table.Th visibleFrom="sm">Expires</Table.Th>
          <Table.Th visibleFrom="md">Created</Table.Th>
          <Table.Th aria-label="Actions" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Text fw={500}>{token.name}</Text>
              <Text component="div" size="xs" c="dimmed" hiddenFrom="sm">
                used <Instant at={token.lastUsedAt} />, expires <Instant at={token.expiresAt} />
              </Text>
            </Table.Td>
            <Table.Td>
              <Group gap={4}>
                {token.scopes.map((scope) => (
                  <Mark key={scope} {...SCOPE_MARKS[scope]} word={scope} />
                ))}
              </Group>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Instant at={token.lastUsedAt} />
            </Table.Td>
            <Table.Td visibleFrom="sm" c={isOver(token) ? 'var(--bad)' : undefined}>
              {isOver(token) && 'expired '}
              <Instant at={token.expiresAt} />
            </Table.Td>
            <Table.Td visibleFrom="md">
              <Instant at={token.createdAt} />
            </Table.Td>
            <Table.Td ta="right">
              <ConfirmButton
                question={`Revoke “${token.name}”?`}
                consequence="Programs that use it are refused from now on. It cannot be brought back."
                onConfirm={async () => {
                  await call('revokeToken', { params: { id: token.id } });
                  await queries.invalidateQueries({ queryKey: about('tokens') });
                }}
              >
                Revoke
              </ConfirmButton>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
