import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Revision } from '@tocsin/http-api';
import { pagesOf } from '../api/queries.js';
import { Diff } from './diff/diff.js';
import { Instant } from './instant.js';
import { MoreButton } from './more-button.js';
import { Problem } from './problem.js';
import { Waiting } from './waiting.js';

const ROUTES = { monitor: 'listMonitorRevisions', job: 'listJobRevisions' } as const;

/** How it was configured, newest first, and what each change changed. */
export function Revisions({ of, id }: { readonly of: keyof typeof ROUTES; readonly id: string }) {
  const pages = useInfiniteQuery(pagesOf(ROUTES[of], { params: { id }, query: { limit: 20 } }));
  const revisions = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  if (pages.isPending) return <Waiting />;
  if (pages.isError && revisions.length === 0)
    return <Problem error={pages.error} retry={() => void pages.refetch()} />;
  return (
    <>
      <Stack gap="sm">
        {revisions.map((revision, index) => (
          <Change
            key={revision.revision}
            revision={revision}
            before={revisions[index + 1]}
            // What came before the last one shown is on a page that is not read yet.
            isKnown={index < revisions.length - 1 || !pages.hasNextPage}
          />
        ))}
      </Stack>
      <MoreButton pages={pages} />
    </>
  );
}

interface ChangeProps {
  readonly revision: Revision;
  readonly before: Revision | undefined;
  readonly isKnown: boolean;
}

function Change({ revision: { revision, changedAt, changedBy, document }, before, isKnown }: ChangeProps) {
  return (
    <Paper withBorder p="md" component="section" aria-label={`Revision ${revision}`}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Title order={2}>
          {before === undefined && isKnown ? 'Created' : 'Changed'} by {changedBy.name}
        </Title>
        <Text component="span" size="sm" c="dimmed">
          revision {revision}, <Instant at={changedAt} />
        </Text>
      </Group>
      {isKnown && <Diff before={before?.document} after={document} />}
    </Paper>
  );
}
