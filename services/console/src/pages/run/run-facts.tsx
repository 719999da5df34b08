import { Alert, SimpleGrid, Text } from '@mantine/core';
import type { RunDetail } from '@tocsin/http-api';
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { durationText, firstLine, plural, sentence } from '../../parts/amounts.js';
import { Duration } from '../../parts/duration.js';
import { Instant, Since } from '../../parts/instant.js';
import { isActive, RUN_MARKS, TRIGGER_WORDS } from '../../parts/run-mark.js';

/** How it was started, when, where, and why it ended as it did. */
export function RunFacts({ run }: { readonly run: RunDetail }) {
  const { status, trigger, queuedAt, startedAt, location, externalId, error, position } = run;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Started by', TRIGGER_WORDS[trigger]],
    queuedAt === null
      ? ['Due', <Instant key="due" at={run.slot} />]
      : ['Queued', <Instant key="q" at={queuedAt} />],
    ['Started', <Instant key="started" at={startedAt} never={isActive(status) ? 'not yet' : 'never'} />],
    [
      'Took',
      status === 'running' && startedAt !== null ? (
        <Since key="took" at={startedAt} format={durationText} />
      ) : (
        <Duration key="took" ms={run.durationMs} />
      ),
    ],
    ['Tests', run.testCount === null ? '—' : plural(run.testCount, 'test')],
    externalId === null ? ['Location', location ?? 'elsewhere'] : ['External id', externalId],
  ];
  return (
    <>
      <SimpleGrid
        component="dl"
        cols={{ base: 2, xs: 3, md: 6 }}
        spacing="md"
        verticalSpacing="xs"
        m={0}
        mb="md"
      >
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text component="dt" size="xs" c="dimmed">
              {label}
            </Text>
            <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {status === 'queued' && (
        <Alert variant="light" color="signal" icon={<Info aria-hidden />} mb="md">
          {position === null || position === 1
            ? 'It is next: it begins as soon as there is room.'
            : `Place ${position} in the queue. It begins when the runs before it have made room.`}
        </Alert>
      )}
      {run.cancelRequestedAt !== null && isActive(status) && (
        <Alert variant="light" color="yellow" icon={<Info aria-hidden />} mb="md">
          It is being cancelled.
        </Alert>
      )}
      {error !== null && (
        <Alert
          icon={<CircleAlert aria-hidden color={`var(--${RUN_MARKS[status].tone})`} />}
          mb="md"
          style={{ background: `var(--${RUN_MARKS[status].tone}-tint)` }}
        >
          <Text
            c={`var(--${RUN_MARKS[status].tone})`}
            style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
          >
            {sentence(run.tests.length > 0 ? firstLine(error.message) : error.message)}
          </Text>
          <Text size="xs" c="dimmed">
            {error.code}
          </Text>
        </Alert>
      )}
    </>
  );
}
