import type { Kysely } from 'kysely';
import {
  alertRow,
  at,
  createViews,
  insertRows,
  notificationRow,
  resultRow,
  runRow,
  uuid,
} from './views.fixture.js';

export const MONITOR = uuid(100);
export const JOB = uuid(101);
export const FOREIGN_MONITOR = uuid(110);
export const FOREIGN_JOB = uuid(111);

/** What the other services might have made of an hour, of two projects. */
export async function seedViews<DB>(db: Kysely<DB>): Promise<void> {
  await createViews(db);
  await insertRows(db, 'results.monitor_results', [
    ...Array.from({ length: 10 }, (_, n) => resultRow(MONITOR, n * 60)),
    resultRow(MONITOR, 300, {
      location: 'berlin',
      outcome: 'down',
      error: { code: 'timeout', message: 'no answer in time' },
    }),
    resultRow(FOREIGN_MONITOR, 0),
  ]);
  await insertRows(
    db,
    'results.status_history',
    [1, 2, 3].map((n) => ({
      id: uuid(n),
      target_id: MONITOR,
      target_kind: 'monitor',
      project: 'default',
      from_status: 'up',
      to_status: 'down',
      reason: 'threshold_reached',
      // Two at the same instant: the id decides.
      changed_at: at(Math.min(n, 2) * 60),
      slot: n === 1 ? null : at(n * 60),
    })),
  );
  await insertRows(
    db,
    'results.job_run',
    [1, 2, 3].map((n) =>
      runRow(uuid(n), JOB, at(n * 60), {
        status: n === 2 ? 'failed' : 'passed',
        error: n === 2 ? { code: 'reported', message: 'two of nine failed' } : null,
        external_id: n === 2 ? 'build 17' : null,
        trigger: 'reported',
        queued_at: null,
        location: null,
        test_count: null,
      }),
    ),
  );
  await insertRows(db, 'evaluator.alert', [
    alertRow(1, 60, {
      state: 'resolved',
      resolved_at: at(180),
      resolved_reason: 'recovered',
      duration_ms: 120_000,
      acknowledged_at: at(90),
      acknowledged_by: 'ann',
      acknowledgement_note: 'on it',
    }),
    alertRow(2, 60, { target_id: JOB, target_kind: 'job', type: 'timeout', untold: 'muted' }),
    alertRow(3, 120, { type: 'ssl_expiring', severity: 'warning' }),
    alertRow(4, 180, { project: 'other' }),
  ]);
  await insertRows(db, 'notifier.notification', [
    notificationRow(31, 61),
    notificationRow(32, 62, { provider_id: uuid(201) }),
    notificationRow(33, 63, { state: 'delivered', reason: null, alert_event: 'alert.resolved' }),
    notificationRow(34, 64, { project: 'other', alert_id: uuid(4) }),
    notificationRow(35, 65, { alert_id: uuid(2) }),
  ]);
  await insertRows(db, 'notifier.attempt', [
    {
      notification_id: uuid(31),
      number: 2,
      started_at: at(63),
      outcome: 'never',
      status: 410,
      excerpt: 'gone',
      reason: 'permanent',
    },
    { notification_id: uuid(31), number: 1, started_at: at(61), outcome: 'interrupted', excerpt: '' },
    {
      notification_id: uuid(33),
      number: 1,
      started_at: at(63),
      finished_at: at(64),
      outcome: 'delivered',
      status: 200,
      excerpt: 'ok',
    },
  ]);
  await insertRows(
    db,
    'notifier.alert_history',
    [1, 2, 3, 4].map((n) => ({
      id: uuid(n),
      message: 'shop is down',
      type: 'monitor_failure',
      target: 'shop',
      target_type: n === 3 ? 'job' : 'monitor',
      monitor_id: n === 3 ? null : MONITOR,
      job_id: n === 3 ? JOB : null,
      provider: 'webhook',
      provider_id: uuid(200),
      status: n === 2 ? 'failed' : 'sent',
      sent_at: at(n * 60),
      error_message: n === 2 ? 'gone' : null,
      project: n === 4 ? 'other' : 'default',
    })),
  );
}
