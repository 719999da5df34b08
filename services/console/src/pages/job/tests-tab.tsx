import { Paper, Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { JobView } from '@tocsin/http-api';
import { FlaskConical } from 'lucide-react';
import { queryOf } from '../../api/queries.js';
import { durationText, plural } from '../../parts/amounts.js';
import { Empty } from '../../parts/empty.js';
import { Facts } from '../../parts/facts.js';
import { slotText } from '../../parts/job-form/slot-text.js';
import { TextLink } from '../../parts/links.js';

/** What it runs, in order, and within which bounds. */
export function TestsTab({ job }: { readonly job: JobView }) {
  const tests = useQueries({ queries: job.tests.map((id) => queryOf('getTest', { params: { id } })) });
  if (job.tests.length === 0)
    return (
      <Empty icon={FlaskConical} title="No tests">
        This job runs elsewhere, and its runs are reported here. Edit it to give it tests of its own.
      </Empty>
    );
  return (
    <Stack gap="md" maw={880}>
      <Paper withBorder p="md" component="ol" m={0} style={{ listStyle: 'none' }}>
        {job.tests.map((id, index) => (
          <li key={id} style={{ paddingBlock: 6 }}>
            <Text component="span" c="dimmed" mr="sm">
              {index + 1}
            </Text>
            <TextLink to="/tests/$id" params={{ id }}>
              {tests[index]?.data?.name ?? (tests[index]?.isError ? 'Test that cannot be read' : '…')}
            </TextLink>{' '}
            <Text component="span" size="sm" c="dimmed">
              {tests[index]?.data?.kind}
            </Text>
          </li>
        ))}
      </Paper>
      <Paper withBorder p="md">
        <Facts
          facts={[
            ['Time limit', durationText(job.timeoutSeconds * 1_000)],
            ['Retries', job.retries === 0 ? 'none' : plural(job.retries, 'retry', 'retries')],
            ['May overlap', job.allowOverlap ? 'yes' : 'no'],
            ['Location', job.location],
            ['Time zone', job.timeZone],
            [
              'Next runs',
              job.nextRuns.length === 0
                ? 'none'
                : job.nextRuns.map((at) => <div key={at}>{slotText(at, job.timeZone)}</div>),
            ],
          ]}
        />
      </Paper>
    </Stack>
  );
}
