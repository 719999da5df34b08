import { Paper, Stack, Title } from '@mantine/core';
import type { RunDetail } from '@tocsin/http-api';
import { FileBox } from 'lucide-react';
import { Empty } from '../../parts/empty.js';
import { isActive } from '../../parts/run-mark.js';
import { ArtifactList } from './artifact-list.js';

/** Everything the run left behind, by the test that made it. */
export function ArtifactsTab({ run }: { readonly run: RunDetail }) {
  if (run.artifacts.length === 0)
    return (
      <Empty icon={FileBox} title={isActive(run.status) ? 'Nothing yet' : 'Nothing was left behind'}>
        Browser tests leave a report, and when they fail screenshots and a trace. They are here once the run
        has ended, for as long as they are kept.
      </Empty>
    );
  const groups = Map.groupBy(run.artifacts, ({ testId }) => testId);
  return (
    <Stack gap="sm">
      {[...groups].map(([testId, artifacts]) => {
        const title = testId === null ? 'The run' : nameOf(run, testId);
        return (
          <Paper key={testId ?? 'run'} component="section" withBorder p="md" aria-label={title}>
            <Title order={2}>{title}</Title>
            <ArtifactList artifacts={artifacts} />
          </Paper>
        );
      })}
    </Stack>
  );
}

const nameOf = ({ tests }: RunDetail, id: string): string =>
  tests.find(({ testId }) => testId === id)?.name ?? `Test ${id.slice(0, 8)}`;
