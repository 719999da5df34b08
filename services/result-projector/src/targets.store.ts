import { unnest } from '@tocsin/database';
import type { Shard } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';
import type { PlacedChange } from './config-change.js';
import type { Known } from './fold-batch.js';
import type { Target } from './target.js';
import {
  isSameLast,
  isSameState,
  type LastRow,
  type LoadedRow,
  lastRow,
  type StateRow,
  stateRow,
  targetOfRow,
} from './target-rows.js';

/** The targets of a batch in one query. */
export async function loadTargets(
  tx: Transaction<unknown>,
  ids: readonly string[],
): Promise<Map<string, Target>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<LoadedRow>`
    select target_id, config_waits, state, last_check_at, last_latency_ms, last_outcome, last_sequence, last_slots
    from target left join target_last using (target_id)
    where target_id = any(${ids}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.target_id, targetOfRow(row)]));
}

/** Changes folded before, of those targets that need them. */
export async function loadPlaced(tx: Transaction<unknown>, ids: readonly string[]): Promise<Known['placed']> {
  const placed = new Map<string, PlacedChange[]>();
  if (ids.length === 0) return placed;
  const { rows } = await sql<{ target_id: string; change: string; position: number | null }>`
    select target_id, change, position from config_change
    where target_id = any(${ids}::uuid[]) order by target_id, revision`.execute(tx);
  for (const { target_id, change, position } of rows) {
    const list = placed.get(target_id) ?? [];
    list.push({ ...(JSON.parse(change) as PlacedChange), position: position ?? undefined });
    placed.set(target_id, list);
  }
  return placed;
}

export interface Left {
  /** targets that still wait for configuration though their rebuild is over */
  readonly left: readonly string[];
  /** another one, and the table is another: a replay was swapped in */
  readonly tableId: number;
}

/** Of these shards. */
export async function loadLeft(tx: Transaction<unknown>, shards: readonly Shard[]): Promise<Left> {
  const { rows } = await sql<{ left: string[]; table_id: number }>`
    select 'target'::regclass::oid::int8 as table_id, array(
      select target_id::text from target as t
      where config_waits and right(target_id::text, 1) = any(${shards}::text[])
        and not exists (select from checkpoint as c
          where c.shard = right(t.target_id::text, 1) and c.seq < c.rebuild_until)) as left`.execute(tx);
  return { left: rows[0]?.left ?? [], tableId: rows[0]?.table_id ?? 0 };
}

/** Writes what is not as it was loaded. */
export async function saveTargets(
  tx: Transaction<unknown>,
  targets: readonly Target[],
  loaded: ReadonlyMap<string, Target>,
): Promise<void> {
  const changed = (isSame: (a: Target, b: Target) => boolean) =>
    targets.filter((target) => {
      const before = loaded.get(target.status.targetId);
      return before === undefined || !isSame(before, target);
    });
  await saveStates(tx, changed(isSameState).map(stateRow));
  await saveLast(tx, changed(isSameLast).map(lastRow));
}

async function saveStates(tx: Transaction<unknown>, rows: readonly StateRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into target (target_id, target_kind, project, status, last_status_change_at, deleted,
      config_waits, state)
    select * from ${unnest(
      'n',
      {
        target_id: 'uuid',
        target_kind: 'text',
        project: 'text',
        status: 'text',
        last_status_change_at: 'timestamptz',
        deleted: 'bool',
        config_waits: 'bool',
        state: 'text',
      },
      rows,
    )}
    on conflict (target_id) do update set status = excluded.status,
      last_status_change_at = excluded.last_status_change_at, deleted = excluded.deleted,
      config_waits = excluded.config_waits, state = excluded.state`.execute(tx);
}

async function saveLast(tx: Transaction<unknown>, rows: readonly LastRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into target_last (target_id, last_check_at, last_latency_ms, last_outcome, last_sequence,
      last_slots)
    select * from ${unnest(
      'n',
      {
        target_id: 'uuid',
        last_check_at: 'timestamptz',
        last_latency_ms: 'float8',
        last_outcome: 'text',
        last_sequence: 'int8',
        last_slots: 'text',
      },
      rows,
    )}
    on conflict (target_id) do update set last_check_at = excluded.last_check_at,
      last_latency_ms = excluded.last_latency_ms, last_outcome = excluded.last_outcome,
      last_sequence = excluded.last_sequence, last_slots = excluded.last_slots`.execute(tx);
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
  await sql`insert into config_change as c (event_id, target_id, revision, position, change)
    select * from ${unnest(
      'n',
      { event_id: 'uuid', target_id: 'uuid', revision: 'int4', position: 'int8', change: 'text' },
      rows,
    )}
    on conflict (event_id) do update set position = excluded.position`.execute(tx);
}
