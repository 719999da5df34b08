import { sql, type Transaction } from 'kysely';
import type { NotificationRow } from './plan-batch.js';

interface Outcome {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly reason: string | null;
  readonly attempts: number | null;
  readonly kind: string;
}

const STATES: Readonly<Record<string, NotificationRow['state']>> = {
  NotificationDelivered: 'delivered',
  NotificationFailed: 'failed',
  NotificationMuted: 'muted',
};

/**
 * For a rebuild. Notifications and attempts are this service's own facts and are kept; only where a row is gone is it
 * made again, with the ending that the event table remembers. One without an ending is given up rather than sent late:
 * it waits in the dead letters for a person.
 */
export async function restoreOutcomes(
  tx: Transaction<unknown>,
  planned: readonly NotificationRow[],
): Promise<readonly NotificationRow[]> {
  if (planned.length === 0) return [];
  const ids = planned.map(({ id }) => id);
  const { rows: kept } = await sql<{ id: string }>`
    select id from notifier.notification where id = any(${ids}::uuid[])`.execute(tx);
  const there = new Set(kept.map(({ id }) => id));
  const missing = planned.filter(({ id }) => !there.has(id));
  if (missing.length === 0) return [];
  const { rows } = await sql<Outcome>`
    select distinct on (id) * from (
      select data::jsonb ->> 'notificationId' as id, type, time, data::jsonb ->> 'reason' as reason,
        (data::jsonb ->> 'attempts')::int as attempts, data::jsonb ->> 'providerKind' as kind, position
      from notifier.event where data::jsonb ->> 'notificationId' = any(${missing.map(({ id }) => id)}::text[])
    ) as outcome order by id, position desc`.execute(tx);
  const outcomes = new Map(rows.map((row) => [row.id, row]));
  return missing.map((row) => {
    const outcome = outcomes.get(row.id);
    const state = STATES[outcome?.type ?? ''];
    const ended = { ...row, next_attempt_at: null, provider_kind: outcome?.kind ?? row.provider_kind };
    if (outcome === undefined || state === undefined)
      return { ...ended, state: 'failed', reason: 'lost', finished_at: row.planned_at };
    return {
      ...ended,
      state,
      reason: outcome.reason ?? row.reason,
      finished_at: outcome.time,
      attempts: outcome.attempts ?? 0,
    };
  });
}
