import { Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { UserView } from '@tocsin/http-api';
import { Ban, CircleCheck, KeyRound, Plus, UserRound } from 'lucide-react';
import { pagesOf } from '../../api/queries.js';
import { Instant } from '../../parts/instant.js';
import { Mark } from '../../parts/mark.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay, useUser } from '../../session/session.js';
import { lastAdministrator } from './last-administrator.js';
import { NewUser } from './new-user.js';
import { RoleSelect } from './role-select.js';
import { UserMenu } from './user-menu.js';

export function Users() {
  const isAdmin = useMay('admin');
  const [isMaking, making] = useDisclosure(false);
  const users = useInfiniteQuery({ ...pagesOf('listUsers', { query: { limit: 200 } }), enabled: isAdmin });
  const items = users.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <PageHeader
        title="Users"
        about="Who may sign in. Viewers see, editors change, administrators manage users and tokens as well."
        actions={
          isAdmin && (
            <Button leftSection={<Plus size={14} aria-hidden />} onClick={making.open}>
              New user
            </Button>
          )
        }
      />
      {!isAdmin && <Text c="dimmed">Users are for administrators to see and to manage.</Text>}
      {isAdmin && users.isPending && <Waiting />}
      {users.isError && <Problem error={users.error} retry={() => void users.refetch()} />}
      {items.length > 0 && <Rows users={items} isAll={!users.hasNextPage} />}
      <MoreButton pages={users} />
      <NewUser isOpen={isMaking} onClose={making.close} />
    </>
  );
}

function Rows({ users, isAll }: { readonly users: readonly UserView[]; readonly isAll: boolean }) {
  const me = useUser();
  const last = isAll ? lastAdministrator(users) : undefined;
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th visibleFrom="sm">Signing in</Table.Th>
          <Table.Th visibleFrom="md">Last signed in</Table.Th>
          <Table.Th w={130}>Role</Table.Th>
          <Table.Th w={48} aria-label="Actions" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <Table.Tr key={user.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Group gap={6}>
                <Text fw={500}>{user.name}</Text>
                {user.id === me?.id && <Mark tone="info" icon={UserRound} word="you" />}
                {user.disabled && <Mark tone="calm" icon={Ban} word="Disabled" />}
              </Group>
              <Text size="xs" c="dimmed">
                {user.email}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Ways user={user} />
            </Table.Td>
            <Table.Td visibleFrom="md">
              <Instant at={user.lastSignedInAt} />
            </Table.Td>
            <Table.Td>
              <RoleSelect user={user} isMe={user.id === me?.id} isLastAdministrator={user.id === last} />
            </Table.Td>
            <Table.Td ta="right">
              <UserMenu user={user} isMe={user.id === me?.id} isLastAdministrator={user.id === last} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const WAYS = { password: 'password', oidc: 'single sign-on' } as const;

function Ways({ user: { signsInWith, passwordIsTemporary, twoFactor } }: { readonly user: UserView }) {
  return (
    <Group gap={8}>
      <span>{signsInWith.map((way) => WAYS[way]).join(', ') || '—'}</span>
      {passwordIsTemporary && (
        <Mark tone="warn" icon={KeyRound} word="one-time" bare title="has not chosen a password yet" />
      )}
      {twoFactor && <Mark tone="good" icon={CircleCheck} word="two-factor" bare />}
    </Group>
  );
}
