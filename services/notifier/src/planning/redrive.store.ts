import { unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { decideRedrive, type Standing } from '@tocsin/notifying';
import { sql, type Transaction } from 'kysely';
import type { RedriveRow } from './plan-batch.js';

type Row = Standing & { readonly asked_id: string; readonly provider_id: string };

/** Plans again what people asked for; attempts count on from where they were. @returns what is planned again */
export async function replan(
  tx: Transaction<unknown>,
  redrives: readonly RedriveRow[],
  now: Instant,
): Promise<readonly { readonly id: string; readonly provider_id: string }[]> {
  if (redrives.length === 0) return [];
  const { rows: fresh } = await sql<Pick<RedriveRow, 'notification_id' | 'requested_at'>>`
    insert into notifier.redrive (event_id, notification_id, requested_at)
    select * from ${unnest('r', { event_id: 'uuid', notification_id: 'uuid', requested_at: 'timestamptz' }, redrives)}
    on conflict (event_id) do nothing returning notification_id, requested_at`.execute(tx);
  if (fresh.length === 0) return [];
  const { rows } = await sql<Row>`
    select asked.id as asked_id, n.id, n.provider_id, n.alert_event as "alertEvent", n.planned_at as "plannedAt", n.state, n.reason, n.attempts,
      n.redriven_at is not null as redriven
    from notifier.notification asked
    join notifier.notification n on n.alert_id = asked.alert_id and n.provider_id = asked.provider_id
    where asked.id = any(${fresh.map(({ notification_id }) => notification_id)}::uuid[])`.execute(tx);
  const again = [...Map.groupBy(rows, ({ asked_id }) => asked_id)].flatMap(([askedId, related]) => {
    const at = fresh.find(({ notification_id }) => notification_id === askedId)?.requested_at ?? now;
    const asked = related.find(({ id }) => id === askedId);
    if (asked === undefined) return [];
    const others = related.filter(({ id }) => id !== askedId);
    const decided = decideRedrive(asked, others);
    if (decided.decision === 'refused') return [];
    const end = decided.end === undefined ? [] : [{ id: decided.end, asked: false, at }];
    return [{ id: askedId, asked: true, at }, ...end];
  });
  if (again.length === 0) return [];
  const { rows: planned } = await sql<{ id: string; provider_id: string }>`
    update notifier.notification as n set state = 'planned', finished_at = null, attempts_before = n.attempts,
      reason = case when again.asked then 'redriven' else 'heard_the_raise' end,
      redriven_at = case when again.asked then again.at end, next_attempt_at = least(again.at, ${now}::timestamptz)
    from ${unnest('again', { id: 'uuid', asked: 'bool', at: 'timestamptz' }, again)}
    where n.id = again.id and n.state in ('failed', 'muted') returning n.id, n.provider_id`.execute(tx);
  return planned;
}
