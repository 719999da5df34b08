import { unnest } from '@tocsin/database';
import { sql, type Transaction } from 'kysely';
import type { DirtyHour, MissedRow, ResultRow } from './facts.js';
import type { ToldChange } from './fold-batch.js';

type Tx = Transaction<unknown>;

/** A repeat of what is there changes nothing. */
export async function insertResults(tx: Tx, rows: readonly ResultRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into monitor_results (monitor_id, project, slot, location, outcome, latency_ms, error,
      started_at, finished_at, timings, attempts, observed, certificate, trigger, event_id)
    select monitor_id, project, slot, location, outcome, latency_ms, error::jsonb, started_at, finished_at,
      timings::jsonb, attempts, observed::jsonb, certificate::jsonb, trigger, event_id
    from ${unnest(
      'n',
      {
        monitor_id: 'uuid',
        project: 'text',
        slot: 'timestamptz',
        location: 'text',
        outcome: 'text',
        latency_ms: 'float8',
        error: 'text',
        started_at: 'timestamptz',
        finished_at: 'timestamptz',
        timings: 'text',
        attempts: 'int4',
        observed: 'text',
        certificate: 'text',
        trigger: 'text',
        event_id: 'uuid',
      },
      rows,
    )}
    on conflict do nothing`.execute(tx);
}

export async function insertMissed(tx: Tx, rows: readonly MissedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into missed_slot (event_id, monitor_id, project, from_slot, to_slot, count, reason, recorded_at)
    select * from ${unnest(
      'n',
      {
        event_id: 'uuid',
        monitor_id: 'uuid',
        project: 'text',
        from_slot: 'timestamptz',
        to_slot: 'timestamptz',
        count: 'int4',
        reason: 'text',
        recorded_at: 'timestamptz',
      },
      rows,
    )}
    on conflict do nothing`.execute(tx);
}

export async function insertHistory(tx: Tx, changes: readonly ToldChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ id, change }) => ({
    id,
    target_id: change.targetId,
    target_kind: change.targetKind,
    project: change.project,
    from_status: change.from,
    to_status: change.to,
    reason: change.reason,
    changed_at: change.changedAt,
    slot: change.slot,
  }));
  await sql`insert into status_history (id, target_id, target_kind, project, from_status, to_status, reason,
      changed_at, slot)
    select * from ${unnest(
      'n',
      {
        id: 'uuid',
        target_id: 'uuid',
        target_kind: 'text',
        project: 'text',
        from_status: 'text',
        to_status: 'text',
        reason: 'text',
        changed_at: 'timestamptz',
        slot: 'timestamptz',
      },
      rows,
    )}
    on conflict do nothing`.execute(tx);
}

/**
 * Raises the mark's version, and so holds its row until the commit: who computes a rollup meanwhile finds the version
 * changed and does it again. A shard has one writer, so nobody else waits.
 */
export async function markDirty(tx: Tx, hours: readonly DirtyHour[]): Promise<void> {
  if (hours.length === 0) return;
  await sql`insert into dirty_hour as d (hour, shard)
    select * from ${unnest('n', { hour: 'timestamptz', shard: 'text' }, hours)}
    on conflict (hour, shard) do update set version = d.version + 1`.execute(tx);
}
