import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TestVersionView, TestView } from '@tocsin/http-api';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import { pagesOf } from '../../api/queries.js';
import { Diff } from '../../parts/diff/diff.js';
import { Instant } from '../../parts/instant.js';
import { MoreButton } from '../../parts/more-button.js';
import { Problem } from '../../parts/problem.js';
import { codeOf, type TestValues } from '../../parts/test-form/test-values.js';
import { Waiting } from '../../parts/waiting.js';

interface VersionsTabProps {
  readonly test: TestView;
  /** undefined: not for this person */
  readonly onPutBack: ((code: Pick<TestValues, 'code' | 'timeoutSeconds'>) => void) | undefined;
}

/** How the test was, newest first, and what each version changed. */
export function VersionsTab({ test, onPutBack }: VersionsTabProps) {
  const pages = useInfiniteQuery(
    pagesOf('listTestVersions', { params: { id: test.id }, query: { limit: 20 } }),
  );
  const versions = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  if (pages.isPending) return <Waiting />;
  if (pages.isError && versions.length === 0)
    return <Problem error={pages.error} retry={() => void pages.refetch()} />;
  return (
    <>
      <Stack gap="sm">
        {versions.map((version, index) => (
          <Version
            key={version.revision}
            version={version}
            before={versions[index + 1]}
            // What came before the last one shown is on a page that is not read yet.
            isKnown={index < versions.length - 1 || !pages.hasNextPage}
            onPutBack={
              onPutBack === undefined || version.revision === test.revision
                ? undefined
                : () => onPutBack(codeOf(test.kind, version.definition))
            }
          />
        ))}
      </Stack>
      <MoreButton pages={pages} />
    </>
  );
}

interface VersionProps {
  readonly version: TestVersionView;
  readonly before: TestVersionView | undefined;
  readonly isKnown: boolean;
  readonly onPutBack: (() => void) | undefined;
}

function Version({ version, before, isKnown, onPutBack }: VersionProps) {
  const { revision, changedAt, changedBy } = version;
  return (
    <Paper withBorder p="md" component="section" aria-label={`Revision ${revision}`}>
      <Group justify="space-between" gap="xs" mb="xs">
        <div>
          <Title order={2}>Revision {revision}</Title>
          <Text component="div" size="sm" c="dimmed">
            {before === undefined && isKnown ? 'Created' : 'Changed'} by {changedBy},{' '}
            <Instant at={changedAt} />
          </Text>
        </div>
        {onPutBack !== undefined && (
          <Button variant="default" onClick={onPutBack}>
            Edit from this version
          </Button>
        )}
      </Group>
      {isKnown && (before === undefined ? undefined : <Diff before={shown(before)} after={shown(version)} />)}
    </Paper>
  );
}

const shown = ({ name, definition }: TestVersionView): JsonValue => ({
  name,
  definition: definition as JsonObject,
});
