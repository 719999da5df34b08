import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../../api/queries.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { Counts } from './counts.js';
import { FirstSteps } from './first-steps.js';
import { OpenAlerts } from './open-alerts.js';
import { Wall } from './wall.js';

const RARELY_MS = 30_000;

export function Overview() {
  // Live events make it be read again; the interval is for what has no event, as a queue of runs.
  const overview = useQuery({ ...queryOf('getOverview'), refetchInterval: RARELY_MS });
  const counts = overview.data?.counts;
  const isNew = counts !== undefined && counts.monitors.total + counts.jobs.total === 0;
  return (
    <>
      <PageHeader title="Overview" />
      {overview.isError && <Problem error={overview.error} retry={() => void overview.refetch()} />}
      {overview.isPending && <Waiting rows={8} />}
      {counts !== undefined && isNew && <FirstSteps />}
      {counts !== undefined && !isNew && (
        <>
          <OpenAlerts counts={counts} />
          <Counts counts={counts} />
          <Wall total={counts.monitors.total} />
        </>
      )}
    </>
  );
}
