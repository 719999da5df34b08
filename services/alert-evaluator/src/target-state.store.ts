import { INITIAL_TARGET_STATE, type TargetState } from '@tocsin/alerting';
import type { Shard } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { sql, type Transaction } from 'kysely';
import { storableJson } from './storable.js';

/** What is remembered of a target as a batch finds it. */
export interface KnownState {
  readonly state: TargetState;
  /** it has a row */
  readonly stored: boolean;
}

/** What is remembered of a target as a batch leaves it, and the RESULTS sequence at which it last changed. */
export interface TargetRecord {
  readonly targetId: string;
  readonly project: string;
  readonly kind: TargetKind;
  readonly shard: Shard;
  readonly state: TargetState;
  readonly position: number;
}

export const UNKNOWN: KnownState = { state: INITIAL_TARGET_STATE, stored: false };

export async function loadStates(
  tx: Transaction<unknown>,
  ids: readonly string[],
): Promise<Map<string, KnownState>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ target_id: string; state: TargetState; policy: TargetState['policy'] | null }>`
    select target_id, state, policy from target_state
    where target_id = any(${ids}::uuid[])`.execute(tx);
  return new Map(
    rows.map(({ target_id, state, policy }) => [
      target_id,
      { state: policy === null ? state : { ...state, policy }, stored: true },
    ]),
  );
}

/** JSON escapes it within: nothing in between has to be quoted, which an array of JSON texts costs dearly. */
const SEPARATOR = '\u001e';

/** A result moves counters and nothing else: the policy, most of what there is to write, is written when it changes. */
export async function writeStates(
  tx: Transaction<unknown>,
  records: readonly TargetRecord[],
  known: ReadonlyMap<string, KnownState>,
): Promise<void> {
  const before = (record: TargetRecord) => known.get(record.targetId) ?? UNKNOWN;
  await insert(
    tx,
    records.filter((record) => !before(record).stored),
  );
  const stored = records.filter((record) => before(record).stored);
  await updateCounters(tx, stored);
  await updatePolicies(
    tx,
    stored.filter((record) => before(record).state.policy !== record.state.policy),
  );
}

async function insert(tx: Transaction<unknown>, records: readonly TargetRecord[]): Promise<void> {
  if (records.length === 0) return;
  const column = (read: (record: TargetRecord) => string) => records.map(read);
  await sql`insert into target_state (target_id, project, target_kind, shard, position, state, policy)
    select target_id, project, target_kind, shard, position, state::jsonb, nullif(policy, '')::jsonb
    from rows from (
      unnest(${column(({ targetId }) => targetId)}::uuid[]),
      unnest(${column(({ project }) => project)}::text[]),
      unnest(${column(({ kind }) => kind)}::text[]),
      unnest(${column(({ shard }) => shard)}::text[]),
      unnest(${column(({ position }) => String(position))}::bigint[]),
      string_to_table(${column(countersOf).join(SEPARATOR)}, ${SEPARATOR}),
      string_to_table(${column(policyOf).join(SEPARATOR)}, ${SEPARATOR})
    ) as r(target_id, project, target_kind, shard, position, state, policy)`.execute(tx);
}

async function updateCounters(tx: Transaction<unknown>, records: readonly TargetRecord[]): Promise<void> {
  if (records.length === 0) return;
  await sql`update target_state as t set state = r.state::jsonb, position = r.position
    from rows from (
      unnest(${arrayOf(records, ({ targetId }) => targetId)}::uuid[]),
      unnest(${arrayOf(records, ({ position }) => position)}::bigint[]),
      string_to_table(${records.map(countersOf).join(SEPARATOR)}, ${SEPARATOR})
    ) as r(target_id, position, state)
    where t.target_id = r.target_id`.execute(tx);
}

async function updatePolicies(tx: Transaction<unknown>, records: readonly TargetRecord[]): Promise<void> {
  if (records.length === 0) return;
  await sql`update target_state as t set policy = r.policy::jsonb
    from rows from (
      unnest(${arrayOf(records, ({ targetId }) => targetId)}::uuid[]),
      string_to_table(${records.map(policyOf).join(SEPARATOR)}, ${SEPARATOR})
    ) as r(target_id, policy)
    where t.target_id = r.target_id`.execute(tx);
}

/** An array literal of what needs no quotes: uuids that were read from the database or validated, and numbers. */
function arrayOf(records: readonly TargetRecord[], read: (record: TargetRecord) => string | number): string {
  return `{${records.map(read).join(',')}}`;
}

function countersOf({ state: { policy: _policy, ...counters } }: TargetRecord): string {
  return storableJson(counters);
}

function policyOf({ state: { policy } }: TargetRecord): string {
  return policy === undefined ? '' : storableJson(policy);
}
