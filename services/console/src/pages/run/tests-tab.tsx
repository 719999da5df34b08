import { Group, Paper, Stack, Text } from '@mantine/core';
import type { RunDetail } from '@tocsin/http-api';
import { FlaskConical } from 'lucide-react';
import { plural } from '../../parts/amounts.js';
import { Duration } from '../../parts/duration.js';
import { Empty } from '../../parts/empty.js';
import { TextLink } from '../../parts/links.js';
import { isActive, RunMark } from '../../parts/run-mark.js';
import { ArtifactList } from './artifact-list.js';
import { plain } from './log-lines.js';
import classes from './run.module.css';

type Result = RunDetail['tests'][number];

/** What each test came to, with what it left behind. */
export function TestsTab({ run }: { readonly run: RunDetail }) {
  if (run.tests.length === 0) return <NoResults run={run} />;
  return (
    <Stack gap="sm">
      {run.tests.map((result, index) => (
        <TestResult key={result.testId} run={run} result={result} place={index + 1} />
      ))}
    </Stack>
  );
}

function TestResult({ run, result, place }: { run: RunDetail; result: Result; place: number }) {
  const { testId, name, kind, revision, status, durationMs, attempts, error } = result;
  const artifacts = run.artifacts.filter((artifact) => artifact.testId === testId);
  return (
    <Paper component="section" withBorder p="md" aria-label={name}>
      <Group gap="sm" justify="space-between">
        <Group gap="xs">
          <Text component="span" c="dimmed">
            {place}
          </Text>
          <TextLink to="/tests/$id" params={{ id: testId }} fw={600} c="inherit">
            {name}
          </TextLink>
          <RunMark status={status} />
        </Group>
        <Text component="span" size="sm" c="dimmed">
          {kind} · revision {revision}
          {attempts > 1 && ` · ${plural(attempts, 'attempt')}`}
          {attempts > 0 && (
            <>
              {' · '}
              <Duration ms={durationMs} />
            </>
          )}
        </Text>
      </Group>
      {error !== null && (
        <>
          <pre className={classes.error}>{errorText(error.message)}</pre>
          <Text size="xs" c="dimmed">
            {error.code}
            {' · '}
            <TextLink
              to="/runs/$id"
              params={{ id: run.runId }}
              search={{ tab: 'output', test: testId }}
              size="xs"
              underline="always"
            >
              its output
            </TextLink>
          </Text>
        </>
      )}
      {artifacts.length > 0 && <ArtifactList artifacts={artifacts} />}
    </Paper>
  );
}

const errorText = (message: string): string =>
  message
    .split('\n')
    .map((line) => plain(line))
    .join('\n');

function NoResults({ run }: { readonly run: RunDetail }) {
  if (isActive(run.status))
    return (
      <Empty icon={FlaskConical} title="Not over yet">
        What each test came to is here when the run has ended. Until then, its output says how far it is.
      </Empty>
    );
  return (
    <Empty icon={FlaskConical} title="No test results">
      {run.trigger === 'reported'
        ? 'This run was made elsewhere; only how it ended was reported.'
        : 'The run ended before any of its tests.'}
    </Empty>
  );
}
