import { Paper, Text, Title } from '@mantine/core';
import type { ProviderView } from '@tocsin/http-api';
import { sentence } from '../../parts/amounts.js';
import { Facts } from '../../parts/facts.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';

const CIRCUITS = {
  closed: 'Closed: messages go out',
  open: 'Open: not tried for a while, then once',
  half_open: 'Half open: one attempt is under way',
} as const;

/** What its messages say about it. */
export function Health({ provider }: { readonly provider: ProviderView }) {
  const { id, health, createdAt, updatedAt } = provider;
  const isTold = provider.enabled && provider.disabledReason === null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="xs">
        Health
      </Title>
      <Facts
        facts={[
          ['Last success', <Instant key="success" at={health.lastSuccessAt} />],
          ['Failing since', <Instant key="failing" at={health.failingSince} never="not failing" />],
          ...(health.failingReason === null ? [] : ([['Why', sentence(health.failingReason)]] as const)),
          ...(isTold ? ([['Circuit', CIRCUITS[health.circuit]]] as const) : []),
          ['Changed', <Instant key="changed" at={updatedAt} />],
          ['Created', <Instant key="created" at={createdAt} />],
        ]}
      />
      <Text size="sm" mt="xs">
        <TextLink to="/providers/dead-letters" search={{ provider: id }}>
          What it could not deliver
        </TextLink>
      </Text>
    </Paper>
  );
}
