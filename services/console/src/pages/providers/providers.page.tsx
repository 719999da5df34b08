import { Box, Group, Select, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ProviderView } from '@tocsin/http-api';
import { PROVIDER_KINDS } from '@tocsin/notifying';
import { Plus } from 'lucide-react';
import { pagesOf } from '../../api/queries.js';
import { Instant } from '../../parts/instant.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { KindChoice } from '../../parts/providers/kind-choice.js';
import { ProviderHealth } from '../../parts/providers/provider-health.js';
import { KIND_TEXTS, kindLabel } from '../../parts/providers/provider-kinds.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';

const route = getRouteApi('/in/providers');

export function Providers() {
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay('editor');
  const pages = useInfiniteQuery(pagesOf('listNotificationProviders', { query: { type, limit: 100 } }));
  const providers = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const isEmpty = pages.isSuccess && providers.length === 0;

  return (
    <>
      <PageHeader
        title="Providers"
        about="Where Tocsin tells people about alerts"
        actions={
          <>
            <ButtonLink to="/providers/dead-letters" variant="default">
              Dead letters
            </ButtonLink>
            {mayEdit && (
              <ButtonLink to="/providers/new" leftSection={<Plus size={14} aria-hidden />}>
                New provider
              </ButtonLink>
            )}
          </>
        }
      />
      {(!isEmpty || type !== undefined) && (
        <Group mb="sm">
          <Select
            aria-label="Kind"
            placeholder="All kinds"
            clearable
            w={200}
            data={PROVIDER_KINDS.map((kind) => ({ value: kind, label: kindLabel(kind) }))}
            value={type ?? null}
            onChange={(value) => void navigate({ search: { type: value ?? undefined }, replace: true })}
          />
        </Group>
      )}
      {pages.isPending && <Waiting />}
      {pages.isError && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {isEmpty && <Nothing isFiltered={type !== undefined} mayEdit={mayEdit} />}
      {providers.length > 0 && <Rows providers={providers} />}
      <MoreButton pages={pages} />
    </>
  );
}

function Nothing({ isFiltered, mayEdit }: { readonly isFiltered: boolean; readonly mayEdit: boolean }) {
  if (isFiltered) return <Text c="dimmed">There is no provider of this kind.</Text>;
  return (
    <Box maw={720}>
      <Text mb="md">
        Nobody is told about alerts yet. A provider is one place for messages: a mailbox, a channel, an
        address of your own. Add one, then choose it in a monitor or job.
        {mayEdit ? ' How do you want to hear?' : ''}
      </Text>
      {mayEdit && <KindChoice />}
    </Box>
  );
}

function Rows({ providers }: { readonly providers: readonly ProviderView[] }) {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th visibleFrom="sm">Kind</Table.Th>
          <Table.Th>Health</Table.Th>
          <Table.Th visibleFrom="sm">Last success</Table.Th>
          <Table.Th visibleFrom="md">Failing since</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {providers.map((provider) => {
          const { id, name, type, health } = provider;
          const { icon: Icon, label } = KIND_TEXTS[type];
          return (
            <Table.Tr key={id}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <TextLink to="/providers/$id" params={{ id }} fw={500}>
                  {name}
                </TextLink>
                <Text size="xs" c="dimmed" hiddenFrom="sm">
                  {label}
                </Text>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Group gap={6} wrap="nowrap">
                  <Icon size={14} aria-hidden color="var(--quiet)" />
                  {label}
                </Group>
              </Table.Td>
              <Table.Td>
                <ProviderHealth provider={provider} bare />
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Instant at={health.lastSuccessAt} />
              </Table.Td>
              <Table.Td visibleFrom="md">
                <Instant at={health.failingSince} never="—" />
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
