import { INITIAL_TARGET_STATE, type TargetState } from '@tocsin/alerting';
import { unnest } from '@tocsin/database';
import type { Shard } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { sql, type Transaction } from 'kysely';
import { storableJson } from './storable.js';

/** What is remembered of a target, and the RESULTS sequence of its shard at which it last changed. */
export interface TargetRecord {
  readonly targetId: string;
  readonly project: string;
  readonly kind: TargetKind;
  readonly shard: Shard;
  readonly state: TargetState;
  readonly position: number;
}

export async function loadStates(
  tx: Transaction<unknown>,
  ids: readonly string[],
): Promise<Map<string, TargetState>> {
  const states = new Map<string, TargetState>(ids.map((id) => [id, INITIAL_TARGET_STATE]));
  if (ids.length === 0) return states;
  const { rows } = await sql<{ target_id: string; state: TargetState }>`
    select target_id, state from evaluator.target_state where target_id = any(${ids}::uuid[])`.execute(tx);
  for (const row of rows) states.set(row.target_id, row.state);
  return states;
}

const TYPES = {
  target_id: 'uuid',
  project: 'text',
  target_kind: 'text',
  shard: 'text',
  state: 'text',
  position: 'int8',
} as const;

export async function writeStates(tx: Transaction<unknown>, records: readonly TargetRecord[]): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(({ targetId, project, kind, shard, state, position }) => ({
    target_id: targetId,
    project,
    target_kind: kind,
    shard,
    state: storableJson(state),
    position,
  }));
  await sql`insert into evaluator.target_state (target_id, project, target_kind, shard, state, position)
    select target_id, project, target_kind, shard, state::jsonb, position from ${unnest('s', TYPES, rows)}
    on conflict (target_id) do update set state = excluded.state, position = excluded.position`.execute(tx);
}
