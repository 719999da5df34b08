import { Table } from '@mantine/core';
import type { RunView } from '@tocsin/http-api';
import { durationText, firstLine, plural } from '../amounts.js';
import { Duration } from '../duration.js';
import { Instant, Since } from '../instant.js';
import { TextLink } from '../links.js';
import classes from '../rows.module.css';
import { RunMark, TRIGGER_WORDS } from '../run-mark.js';
import { clockTime } from '../time.js';

interface RunTableProps {
  readonly runs: readonly RunView[];
  /** runs of more than one job */
  readonly withJob?: boolean;
  /** the answer to another question is still shown */
  readonly isStale?: boolean;
}

/** Runs, newest first. */
export function RunTable({ runs, withJob = false, isStale = false }: RunTableProps) {
  return (
    <Table
      className={`${classes.table} ${isStale ? classes.stale : ''}`}
      highlightOnHover
      aria-label="Runs"
      aria-busy={isStale}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={128}>State</Table.Th>
          <Table.Th>Run</Table.Th>
          {withJob && <Table.Th>Job</Table.Th>}
          <Table.Th w={130}>Started by</Table.Th>
          <Table.Th w={120}>When</Table.Th>
          <Table.Th w={120}>Took</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.map((run) => (
          <RunRow key={run.runId} run={run} withJob={withJob} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function RunRow({ run, withJob }: { readonly run: RunView; readonly withJob: boolean }) {
  const { runId, jobId, jobName, status, slot, trigger, startedAt, position } = run;
  return (
    <Table.Tr>
      <Table.Td>
        <RunMark status={status} />
      </Table.Td>
      <Table.Td className={classes.main}>
        <TextLink to="/runs/$id" params={{ id: runId }} className={classes.name}>
          {clockTime(slot)}
        </TextLink>
        <span className={classes.under}>{aboutOf(run)}</span>
      </Table.Td>
      {withJob && (
        <Table.Td className={classes.main}>
          {jobName === null ? (
            'Deleted job'
          ) : (
            <TextLink to="/jobs/$id" params={{ id: jobId }}>
              {jobName}
            </TextLink>
          )}
        </Table.Td>
      )}
      <Table.Td className={classes.nowrap}>{TRIGGER_WORDS[trigger]}</Table.Td>
      <Table.Td>
        <Instant at={startedAt ?? slot} />
      </Table.Td>
      <Table.Td data-label="took">
        {status === 'queued' ? (
          position === null ? (
            '—'
          ) : (
            `place ${position}`
          )
        ) : status === 'running' && startedAt !== null ? (
          <Since at={startedAt} format={durationText} />
        ) : (
          <Duration ms={run.durationMs} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function aboutOf({ error, testCount, externalId, location }: RunView): string {
  if (error !== null) return firstLine(error.message);
  const parts = [
    testCount === null || testCount === 0 ? undefined : plural(testCount, 'test'),
    externalId ?? undefined,
    location === null || location === 'local' ? undefined : `in ${location}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
