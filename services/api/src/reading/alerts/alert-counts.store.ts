import { ALERT_TYPES } from '@tocsin/alerting';
import { type AlertCounts, SEVERITIES } from '@tocsin/http-api';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';

interface Row {
  readonly type: string;
  readonly severity: string;
  readonly open: number;
  readonly unacknowledged: number;
}

/** Only what is open is counted, which has an index of its own: the past may be long. */
export async function countAlerts(db: QueryExecutorProvider, project: string): Promise<AlertCounts> {
  const { rows } = await unlessMissing(
    sql<Row>`select type, severity, count(*)::int as open,
        (count(*) filter (where acknowledged_at is null))::int as unacknowledged
      from evaluator.alert where project = ${project} and state = 'open' group by 1, 2`.execute(db),
    { rows: [] },
  );
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const openWhere = (some: (row: Row) => boolean) => sum(rows.filter(some).map(({ open }) => open));
  const each = (keys: readonly string[], column: 'type' | 'severity') =>
    Object.fromEntries(keys.map((key) => [key, openWhere((row) => row[column] === key)]));
  return {
    open: openWhere(() => true),
    unacknowledged: sum(rows.map(({ unacknowledged }) => unacknowledged)),
    bySeverity: each(SEVERITIES, 'severity') as AlertCounts['bySeverity'],
    byType: each(ALERT_TYPES, 'type') as AlertCounts['byType'],
  };
}
