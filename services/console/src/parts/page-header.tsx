import { Box, Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from './page-title.js';

interface PageHeaderProps {
  readonly title: string;
  /** beside the title: a status */
  readonly beside?: ReactNode;
  /** under the title */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  /** links to where this page is in */
  readonly above?: ReactNode;
  /** the set of configuration files that owns what the page is about */
  readonly managedBy?: string | null | undefined;
}

/** The one h1 of a page, the name of its tab, and its main actions. */
export function PageHeader({ title, beside, about, actions, above, managedBy }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <Box mb="md">
      {above !== undefined && (
        <Text component="div" size="sm" c="dimmed" mb={4}>
          {above}
        </Text>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box style={{ minWidth: 0 }}>
          <Group gap="xs" wrap="nowrap">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {beside}
          </Group>
          {about !== undefined && (
            <Text component="div" size="sm" c="dimmed" mt={2}>
              {about}
            </Text>
          )}
        </Box>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {typeof managedBy === 'string' && (
        <Text size="sm" mt={4}>
          Kept in the configuration files of the set <strong>{managedBy}</strong>: what is changed here shows
          as drift, and the next apply undoes it.
        </Text>
      )}
    </Box>
  );
}
