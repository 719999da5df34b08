import { unnest } from '@tocsin/database';
import type { Shard } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';
import type { PlacedChange } from './config-change.js';
import type { Known } from './fold-batch.js';
import type { Target } from './target.js';

interface TargetRow {
  readonly target_id: string;
  readonly state: string;
}

/** The targets of a batch in one query; their state is text, for nobody else reads it and jsonb would be parsed twice. */
export async function loadTargets(
  tx: Transaction<unknown>,
  ids: readonly string[],
): Promise<Map<string, Target>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<TargetRow>`
    select target_id, state from results.target where target_id = any(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map(({ target_id, state }) => [target_id, JSON.parse(state) as Target]));
}

/** Changes folded before, of those targets that need them. */
export async function loadPlaced(tx: Transaction<unknown>, ids: readonly string[]): Promise<Known['placed']> {
  const placed = new Map<string, PlacedChange[]>();
  if (ids.length === 0) return placed;
  const { rows } = await sql<{ target_id: string; change: string; position: number | null }>`
    select target_id, change, position from results.config_change
    where target_id = any(${ids}::uuid[]) order by target_id, revision`.execute(tx);
  for (const { target_id, change, position } of rows) {
    const list = placed.get(target_id) ?? [];
    list.push({ ...(JSON.parse(change) as PlacedChange), position: position ?? undefined });
    placed.set(target_id, list);
  }
  return placed;
}

/** Targets of these shards that still wait for configuration though their rebuild is over. */
export async function loadLeft(tx: Transaction<unknown>, shards: readonly Shard[]): Promise<string[]> {
  const { rows } = await sql<{ target_id: string }>`
    select target_id from results.target as t
    where config_waits and right(target_id::text, 1) = any(${shards}::text[])
      and not exists (select from results.checkpoint as c
        where c.shard = right(t.target_id::text, 1) and c.seq < c.rebuild_until)`.execute(tx);
  return rows.map(({ target_id }) => target_id);
}

export async function saveTargets(tx: Transaction<unknown>, targets: readonly Target[]): Promise<void> {
  if (targets.length === 0) return;
  const rows = targets.map((target) => ({
    target_id: target.status.targetId,
    target_kind: target.status.targetKind,
    project: target.status.project,
    status: target.status.status,
    last_check_at: target.lastCheckAt,
    last_status_change_at: target.lastStatusChangeAt,
    last_latency_ms: target.lastLatencyMs,
    last_outcome: target.lastOutcome,
    deleted: target.status.deleted ?? false,
    config_waits: target.configWaits,
    state: JSON.stringify(target),
  }));
  await sql`insert into results.target as t (target_id, target_kind, project, status, last_check_at,
      last_status_change_at, last_latency_ms, last_outcome, deleted, config_waits, state)
    select * from ${unnest(
      'n',
      {
        target_id: 'uuid',
        target_kind: 'text',
        project: 'text',
        status: 'text',
        last_check_at: 'timestamptz',
        last_status_change_at: 'timestamptz',
        last_latency_ms: 'float8',
        last_outcome: 'text',
        deleted: 'bool',
        config_waits: 'bool',
        state: 'text',
      },
      rows,
    )}
    on conflict (target_id) do update set status = excluded.status, last_check_at = excluded.last_check_at,
      last_status_change_at = excluded.last_status_change_at, last_latency_ms = excluded.last_latency_ms,
      last_outcome = excluded.last_outcome, deleted = excluded.deleted, config_waits = excluded.config_waits,
      state = excluded.state`.execute(tx);
}

export async function savePlaced(tx: Transaction<unknown>, changes: readonly PlacedChange[]): Promise<void> {
  if (changes.length === 0) return;
  // One row of a batch may be placed twice, first nowhere: the last word counts.
  const rows = [...new Map(changes.map((change) => [change.eventId, change])).values()].map(
    ({ position, ...change }) => ({
      event_id: change.eventId,
      target_id: change.targetId,
      revision: change.revision,
      position,
      change: JSON.stringify(change),
    }),
  );
  await sql`insert into results.config_change as c (event_id, target_id, revision, position, change)
    select * from ${unnest(
      'n',
      { event_id: 'uuid', target_id: 'uuid', revision: 'int4', position: 'int8', change: 'text' },
      rows,
    )}
    on conflict (event_id) do update set position = excluded.position`.execute(tx);
}
