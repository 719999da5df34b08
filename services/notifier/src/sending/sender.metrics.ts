import { msBetween } from '@tocsin/kernel';
import type { Metrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Job, Result } from './desk.js';
import { outcomeName } from './ledger.store.js';

export interface SenderMetrics {
  started(job: Job): void;
  ended(result: Result): void;
}

interface Waiting {
  readonly state: string;
  readonly count: number;
  readonly oldest_seconds: number;
}

/** Gauges ask the database at each scrape; while it is away they keep what they said last. */
export function senderMetrics(metrics: Metrics, db: Kysely<unknown>): SenderMetrics {
  const attempts = metrics.counter({
    name: 'notification_attempts_total',
    help: 'attempts at telling somebody, by provider kind and outcome',
    labels: ['kind', 'outcome'],
  });
  const delay = metrics.histogram({
    name: 'check_to_notification_seconds',
    help: 'from the end of the failing check to the first attempt at telling somebody',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  });
  const waiting = async () => {
    const { rows } = await sql<Waiting>`
      select state, count(*)::int as count,
        coalesce(extract(epoch from now() - min(planned_at)), 0)::float8 as oldest_seconds
      from notifier.notification where state in ('planned', 'failed') group by state`.execute(db);
    return new Map(rows.map((row) => [row.state, row]));
  };
  metrics.gauge({
    name: 'notifications',
    help: 'notifications that are not delivered: planned ones, and failed ones that wait for a person',
    labels: ['state'],
    collect: async (gauge) => {
      const rows = await waiting().catch(() => undefined);
      if (rows === undefined) return;
      for (const state of ['planned', 'failed']) gauge.set({ state }, rows.get(state)?.count ?? 0);
    },
  });
  metrics.gauge({
    name: 'oldest_unsent_notification_seconds',
    help: 'age of the oldest notification that is planned and not delivered; 0 when there is none',
    collect: async (gauge) => {
      const rows = await waiting().catch(() => undefined);
      if (rows !== undefined) gauge.set(rows.get('planned')?.oldest_seconds ?? 0);
    },
  });

  return {
    started: ({ notification, number, startedAt }) => {
      if (number !== 1 || notification.alert_event !== 'alert.raised') return;
      const evidence = (notification.data as { evidence?: readonly { finishedAt: string }[] }).evidence ?? [];
      const last = evidence.at(-1);
      if (last !== undefined) delay.observe(Math.max(0, msBetween(last.finishedAt, startedAt)) / 1_000);
    },
    ended: ({ job, outcome }) =>
      attempts.inc({ kind: job.provider.kind, outcome: outcomeName(outcome.result) }),
  };
}
