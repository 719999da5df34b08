import type { Metrics } from '@tocsin/service-kit';
import type { ResultsFoldOptions } from './results.projection.js';

export function createReport(metrics: Metrics): NonNullable<ResultsFoldOptions['onFolded']> {
  const results = metrics.counter<'outcome'>({
    name: 'results_total',
    help: 'check results recorded, by outcome',
    labels: ['outcome'],
  });
  const runs = metrics.counter<'status'>({
    name: 'job_runs_total',
    help: 'job runs recorded, by status',
    labels: ['status'],
  });
  const changes = metrics.counter<'to'>({
    name: 'status_changes_total',
    help: 'changes of status, by what it became',
    labels: ['to'],
  });
  return (events, told) => {
    for (const event of events) {
      if (event.type === 'CheckCompleted') results.inc({ outcome: event.data.outcome });
      else if (event.type === 'RunCompleted') runs.inc({ status: event.data.status });
    }
    for (const { change, isNews } of told) if (isNews) changes.inc({ to: change.to });
  };
}
