import type { Shard } from '@tocsin/kernel';
import type { Breaker, Incident } from '@tocsin/notifying';
import { type Kysely, sql } from 'kysely';
import type { ProviderRow } from '../planning/plan-batch.js';
import { type Desk, type Due, HEALTHY } from './desk.js';

/** Rows looked at for one destination at once: one is sent, those before it are muted or wait. */
export const DUE_LIMIT = 20;

/** Destinations of these shards for which anything is planned. */
export async function plannedProviders(db: Kysely<unknown>, shards: readonly Shard[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct provider_id as id from notifier.notification
    where state = 'planned' and right(provider_id::text, 1) = any(${shards}::text[])`.execute(db);
  return rows.map(({ id }) => id);
}

type DeskRow = { readonly [K in keyof ProviderRow]: ProviderRow[K] | null } & {
  readonly desk_id: string;
  readonly disabled_reason: string | null;
  readonly disabled_at: string | null;
  readonly last_used_at: string | null;
  readonly breaker_state: Breaker | null;
  readonly held_until: string | null;
  readonly incident: Incident | null;
};

export async function loadDesks(db: Kysely<unknown>, ids: readonly string[]): Promise<Map<string, Desk>> {
  const { rows } = await sql<DeskRow>`
    select d.id as desk_id, p.*, h.disabled_reason, h.disabled_at, h.last_used_at, h.breaker_state, h.held_until,
      h.incident
    from unnest(${ids}::uuid[]) as d(id)
    left join notifier.provider p on p.id = d.id
    left join notifier.provider_health h on h.provider_id = d.id`.execute(db);
  return new Map(rows.map((row) => [row.desk_id, deskOf(row)]));
}

function deskOf(row: DeskRow): Desk {
  return {
    id: row.desk_id,
    provider: row.id === null ? undefined : (row as ProviderRow),
    health: {
      disabledReason: row.disabled_reason ?? undefined,
      disabledAt: row.disabled_at ?? undefined,
      lastUsedAt: row.last_used_at ?? undefined,
      breaker: row.breaker_state ?? HEALTHY.breaker,
      heldUntil: row.held_until ?? undefined,
      incident: row.incident ?? undefined,
    },
  };
}

/**
 * What is due, by destination, in the order it was planned, with what the decisions need.
 * @param closed destinations that will not be sent to any more: everything planned for them is due
 */
export async function loadDue(
  db: Kysely<unknown>,
  ids: readonly string[],
  closed: readonly string[],
  now: string,
): Promise<Map<string, Due[]>> {
  const { rows } = await sql<Due>`
    select n.*, n.redriven_at is not null as redriven, e.type as event_type, e.data, e.traceparent,
      a.outcome as last_outcome, a.started_at as last_started_at, a.worker as last_worker,
      coalesce((select json_agg(json_build_object('id', s.id, 'alertEventId', s.alert_event_id,
          'alertEvent', s.alert_event, 'plannedAt', s.planned_at, 'state', s.state, 'reason', s.reason, 'attempts', s.attempts,
          'redriven', s.redriven_at is not null))
        from notifier.notification s
        where s.alert_id = n.alert_id and s.provider_id = n.provider_id and s.id <> n.id), '[]') as others
    from unnest(${ids}::uuid[]) as p(id)
    cross join lateral (
      select * from notifier.notification
      where provider_id = p.id and state = 'planned'
        and (next_attempt_at <= ${now} or p.id = any(${closed}::uuid[]))
      order by planned_at, alert_event, id limit ${DUE_LIMIT}) n
    left join notifier.alert_event e on e.id = n.alert_event_id
    left join notifier.attempt a on a.notification_id = n.id and a.number = n.attempts
    order by n.planned_at, n.alert_event, n.id`.execute(db);
  return Map.groupBy(rows, ({ provider_id }) => provider_id);
}

/** When the next of each destination is due. */
export async function nextDue(
  db: Kysely<unknown>,
  ids: readonly string[],
  now: string,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ provider_id: string; at: string }>`
    select provider_id, min(next_attempt_at) as at from notifier.notification
    where provider_id = any(${ids}::uuid[]) and state = 'planned' and next_attempt_at > ${now}
    group by provider_id`.execute(db);
  return new Map(rows.map(({ provider_id, at }) => [provider_id, at]));
}

/** Backends that hold a sender's membership: whose attempts are not yet given up. */
export async function liveWorkers(db: Kysely<unknown>, group: string): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ pid: number }>`
    select distinct pid from pg_locks where locktype = 'advisory' and granted and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())
      and classid = (hashtext(${group})::bigint & 4294967295)::oid`.execute(db);
  return new Set(rows.map(({ pid }) => pid));
}
