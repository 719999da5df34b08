import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, about, beside, children }: PanelProps) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Group gap="xs" align="baseline">
          <Title order={2}>{title}</Title>
          {about !== undefined && (
            <Text component="span" size="xs" c="dimmed">
              {about}
            </Text>
          )}
        </Group>
        {beside}
      </Group>
      {children}
    </Paper>
  );
}
