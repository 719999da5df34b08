import { List, Paper, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { queryOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';

/** The jobs and monitors that run it. */
export function UsageTab({ id }: { readonly id: string }) {
  const usage = useQuery(queryOf('getTestUsage', { params: { id } }));
  const mayEdit = useMay('editor');
  if (usage.isPending) return <Waiting rows={3} />;
  if (usage.isError) return <Problem error={usage.error} retry={() => void usage.refetch()} />;
  const { jobs, monitors } = usage.data;
  if (jobs.length === 0 && monitors.length === 0)
    return (
      <Empty
        icon={ListChecks}
        title="Nothing runs it"
        action={
          mayEdit && (
            <ButtonLink to="/jobs/new" search={{ test: id }}>
              New job with it
            </ButtonLink>
          )
        }
      >
        A test runs as part of a job, or as what a monitor of the kind synthetic test checks.
      </Empty>
    );
  return (
    <Paper withBorder p="md" maw={720}>
      {jobs.length > 0 && <Title order={2}>Jobs</Title>}
      <List listStyleType="none" mb="sm">
        {jobs.map((job) => (
          <List.Item key={job.id}>
            <TextLink to="/jobs/$id" params={{ id: job.id }}>
              {job.name}
            </TextLink>
          </List.Item>
        ))}
      </List>
      {monitors.length > 0 && <Title order={2}>Monitors</Title>}
      <List listStyleType="none">
        {monitors.map((monitor) => (
          <List.Item key={monitor.id}>
            <TextLink to="/monitors/$id" params={{ id: monitor.id }}>
              {monitor.name}
            </TextLink>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
