import { Box, Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from '../parts/page-title.js';

/** Of the pages for whom nobody has let in yet. */
export function Doorway({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  usePageTitle(title);
  return (
    <Box component="main" mih="100dvh" px="md" pt="12vh" bg="var(--page)">
      <Paper withBorder p="lg" radius="lg" maw={400} mx="auto">
        <Group gap="sm" mb="md">
          <img src="/tocsin.svg" alt="" width={32} height={32} />
          <Title order={1}>{title}</Title>
        </Group>
        {children}
      </Paper>
    </Box>
  );
}
