import { msBetween } from '@tocsin/kernel';
import type { Metrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Ended } from './line.js';

export interface SubscriptionMetrics {
  ended(one: Ended): void;
}

interface Standing {
  readonly state: string;
  readonly count: number;
  readonly oldest_seconds: number;
}

/** Gauges ask the database at each scrape; while it is away they keep what they said last. */
export function subscriptionMetrics(metrics: Metrics, db: Kysely<unknown>): SubscriptionMetrics {
  const attempts = metrics.counter({
    name: 'subscription_attempts_total',
    help: 'attempts at handing an event to another system, by outcome',
    labels: ['outcome'],
  });
  const delay = metrics.histogram({
    name: 'subscription_delay_seconds',
    help: 'from the log taking an event to the subscriber answering that it has it',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400],
  });
  const standings = async () => {
    const { rows } = await sql<Standing>`
      select case when s.enabled then coalesce(t.standing ->> 'state', 'delivering') else 'disabled' end as state,
        count(*)::int as count,
        coalesce(extract(epoch from now() - min((t.standing ->> 'since')::timestamptz)), 0)::float8 as oldest_seconds
      from notifier.subscription s left join notifier.subscription_state t on t.subscription_id = s.id
      where not s.deleted group by 1`.execute(db);
    return new Map(rows.map((row) => [row.state, row]));
  };
  metrics.gauge({
    name: 'subscriptions',
    help: 'webhook subscriptions: delivering, retrying, or disabled by a person or by themselves',
    labels: ['state'],
    collect: async (gauge) => {
      const rows = await standings().catch(() => undefined);
      if (rows === undefined) return;
      for (const state of ['delivering', 'retrying', 'disabled'])
        gauge.set({ state }, rows.get(state)?.count ?? 0);
    },
  });
  metrics.gauge({
    name: 'subscription_failing_seconds',
    help: 'since when the subscription that has failed the longest is retried; 0 when none is',
    collect: async (gauge) => {
      const rows = await standings().catch(() => undefined);
      if (rows !== undefined) gauge.set(rows.get('retrying')?.oldest_seconds ?? 0);
    },
  });
  return {
    ended: ({ attempt, outcome, finishedAt }) => {
      attempts.inc({ outcome: outcome.result });
      if (outcome.result === 'delivered')
        delay.observe(Math.max(0, msBetween(attempt.item.at, finishedAt)) / 1_000);
    },
  };
}
