import { Badge, Table } from '@mantine/core';
import type { JobView } from '@tocsin/http-api';
import { CronWords } from '../../parts/cron-words.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import classes from '../../parts/rows.module.css';
import { RunMark } from '../../parts/run-mark.js';
import { RunNow } from '../../parts/runs/run-now.js';
import { StatusBadge } from '../../parts/status-badge.js';

interface JobTableProps {
  readonly jobs: readonly JobView[];
  readonly mayRun: boolean;
  readonly isStale: boolean;
}

export function JobTable({ jobs, mayRun, isStale }: JobTableProps) {
  return (
    <Table
      className={`${classes.table} ${isStale ? classes.stale : ''}`}
      highlightOnHover
      aria-label="Jobs"
      aria-busy={isStale}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={120}>Status</Table.Th>
          <Table.Th>Job</Table.Th>
          <Table.Th w={210}>Last run</Table.Th>
          <Table.Th w={130}>Next run</Table.Th>
          {mayRun && (
            <Table.Th w={120}>
              <span className="visually-hidden">Actions</span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} mayRun={mayRun} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function JobRow({ job, mayRun }: { readonly job: JobView; readonly mayRun: boolean }) {
  const { id, name, status, tags, cron, timeZone, lastRun, lastRunAt, nextRuns, enabled, tests } = job;
  const at = lastRun?.finishedAt ?? lastRun?.startedAt ?? lastRunAt;
  return (
    <Table.Tr>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td className={classes.main}>
        <TextLink to="/jobs/$id" params={{ id }} className={classes.name}>
          {name}
        </TextLink>{' '}
        {tags.map((tag) => (
          <Badge key={tag} variant="default" size="sm" tt="none" fw={400} ml={4}>
            {tag}
          </Badge>
        ))}
        <span className={classes.under}>
          <CronWords cron={cron} timeZone={timeZone} />
          {!enabled && ', disabled'}
        </span>
      </Table.Td>
      <Table.Td className={classes.nowrap}>
        {lastRun === null ? (
          <span className={classes.under}>never run</span>
        ) : (
          <TextLink to="/runs/$id" params={{ id: lastRun.runId }} c="inherit" className={classes.together}>
            <RunMark status={lastRun.status} bare /> <Instant at={at} never="" />
          </TextLink>
        )}
      </Table.Td>
      <Table.Td data-label="next">
        <Instant at={enabled ? nextRuns[0] : undefined} never="—" />
      </Table.Td>
      {mayRun && (
        <Table.Td className={classes.actions}>
          {tests.length > 0 && <RunNow jobId={id} name={name} disabled={!enabled} />}
        </Table.Td>
      )}
    </Table.Tr>
  );
}
