import { Anchor, List, Paper, Text, Title } from '@mantine/core';
import type { ProviderKind } from '@tocsin/notifying';
import { PROVIDER_HELP } from './provider-help-texts.js';

/** Where to get what the form asks for. */
export function ProviderHelp({ kind }: { readonly kind: ProviderKind }) {
  const { title, steps, more } = PROVIDER_HELP[kind];
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="xs">
        {title}
      </Title>
      <List type={steps.length > 2 && kind !== 'webhook' ? 'ordered' : 'unordered'} size="sm" spacing={6}>
        {steps.map((step) => (
          <List.Item key={step} style={{ overflowWrap: 'anywhere' }}>
            {step}
          </List.Item>
        ))}
      </List>
      {more !== undefined && (
        <Text size="sm" mt="xs">
          <Anchor href={more.href} target="_blank" rel="noreferrer noopener" inherit>
            {more.text}
          </Anchor>
        </Text>
      )}
    </Paper>
  );
}
