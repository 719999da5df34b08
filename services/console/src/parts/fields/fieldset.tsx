import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface FieldsetProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly children: ReactNode;
}

/** Fields that belong together. */
export function Fieldset({ title, about, children }: FieldsetProps) {
  return (
    <Paper component="section" withBorder p="md" aria-label={title}>
      <Title order={2}>{title}</Title>
      {about !== undefined && (
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      )}
      <Stack gap="md" mt="sm">
        {children}
      </Stack>
    </Paper>
  );
}
