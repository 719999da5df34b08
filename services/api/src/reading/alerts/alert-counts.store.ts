import type { AlertCounts } from '@tocsin/http-api';
import { addMs, type Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';
import { DAY_MS } from '../stats/stats.js';

interface Row {
  readonly type: keyof AlertCounts['byType'];
  readonly severity: keyof AlertCounts['bySeverity'];
  readonly open: number;
  readonly unacknowledged: number;
  readonly resolved: number;
}

/** Two counts, each with an index of its own. */
export async function countAlerts(
  db: QueryExecutorProvider,
  project: string,
  now: Instant,
): Promise<AlertCounts> {
  const { rows } = await unlessMissing(
    sql<Row>`select type, severity, count(*)::int as open,
        (count(*) filter (where acknowledged_at is null))::int as unacknowledged, 0 as resolved
      from evaluator.alert where project = ${project} and state = 'open' group by 1, 2
      union all
      select '', '', 0, 0, count(*)::int from evaluator.alert
      where project = ${project} and state = 'resolved' and resolved_at > ${addMs(now, -DAY_MS)}`.execute(db),
    { rows: [] },
  );
  const sum = (of: (row: Row) => number, some: (row: Row) => boolean = () => true) =>
    rows.filter(some).reduce((total, row) => total + of(row), 0);
  const open = (row: Row) => row.open;
  const bySeverity = (one: Row['severity']) => sum(open, ({ severity }) => severity === one);
  const byType = (one: Row['type']) => sum(open, ({ type }) => type === one);
  return {
    open: sum(open),
    unacknowledged: sum((row) => row.unacknowledged),
    bySeverity: {
      error: bySeverity('error'),
      warning: bySeverity('warning'),
      success: bySeverity('success'),
      info: bySeverity('info'),
    },
    byType: {
      failure: byType('failure'),
      ssl_expiring: byType('ssl_expiring'),
      success: byType('success'),
      timeout: byType('timeout'),
      unobservable: byType('unobservable'),
    },
    resolvedWithin24h: sum((row) => row.resolved),
  };
}
