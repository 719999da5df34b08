import { ActionIcon, Button, Code, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { VariableView } from '@tocsin/http-api';
import { Lock, Pencil, Plus, Variable } from 'lucide-react';
import { useState } from 'react';
import { pagesOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { Instant } from '../../parts/instant.js';
import { Mark } from '../../parts/mark.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { VariableDialog } from './variable-dialog.js';

export function Variables() {
  const mayEdit = useMay('editor');
  const [edited, setEdited] = useState<VariableView | 'new'>();
  const variables = useInfiniteQuery(pagesOf('listVariables', { query: { limit: 200 } }));
  const items = variables.data?.pages.flatMap((page) => page.items) ?? [];
  const add = mayEdit && (
    <Button leftSection={<Plus size={14} aria-hidden />} onClick={() => setEdited('new')}>
      New variable
    </Button>
  );

  return (
    <>
      <PageHeader
        title="Variables"
        about="What tests read from their environment: addresses, names, keys. A secret one is never shown again, and masked where a test prints it."
        actions={add}
      />
      {variables.isPending && <Waiting />}
      {variables.isError && <Problem error={variables.error} retry={() => void variables.refetch()} />}
      {variables.isSuccess && items.length === 0 && (
        <Empty icon={Variable} title="No variables yet" action={add}>
          Keep here what differs between places and what is secret, instead of writing it into tests.
        </Empty>
      )}
      {items.length > 0 && (
        <Table highlightOnHover layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th visibleFrom="md">For</Table.Th>
              <Table.Th visibleFrom="sm" w={130}>
                Changed
              </Table.Th>
              {mayEdit && <Table.Th w={56} aria-label="Actions" />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((variable) => (
              <Row
                key={variable.id}
                variable={variable}
                onEdit={mayEdit ? () => setEdited(variable) : undefined}
              />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <MoreButton pages={variables} />
      <VariableDialog edited={edited} onClose={() => setEdited(undefined)} />
    </>
  );
}

function Row({
  variable,
  onEdit,
}: {
  readonly variable: VariableView;
  readonly onEdit: (() => void) | undefined;
}) {
  const { name, value, description = '', updatedAt } = variable;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Code>{name}</Code>
        <Text size="xs" c="dimmed" hiddenFrom="md">
          {description}
        </Text>
      </Table.Td>
      <Table.Td>
        {value === null ? (
          <Mark tone="calm" icon={Lock} word="secret" />
        ) : (
          <Text truncate title={value} ff="monospace" size="sm">
            {value}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="md" style={{ overflowWrap: 'anywhere' }}>
        {description}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Instant at={updatedAt} />
      </Table.Td>
      {onEdit !== undefined && (
        <Table.Td>
          <Group justify="flex-end">
            <ActionIcon variant="subtle" color="gray" aria-label={`Change ${name}`} onClick={onEdit}>
              <Pencil size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
