import { unnest } from '@tocsin/database';
import { sql, type Transaction } from 'kysely';
import type { AlertChange, AlertRow, AlertRows } from './alert-row.js';
import { storableJson, storableText } from './storable.js';

const CHANGE_TYPES = {
  id: 'uuid',
  unmuted_at: 'timestamptz',
  acknowledged_at: 'timestamptz',
  acknowledged_by: 'text',
  acknowledgement_note: 'text',
  resolved_at: 'timestamptz',
  resolved_reason: 'text',
  duration_ms: 'float8',
  resolved_evidence: 'text',
} as const;

const ROW_TYPES = {
  ...CHANGE_TYPES,
  project: 'text',
  target_id: 'uuid',
  target_kind: 'text',
  target_name: 'text',
  target_url: 'text',
  type: 'text',
  severity: 'text',
  state: 'text',
  reason: 'text',
  raised_at: 'timestamptz',
  since: 'timestamptz',
  evidence: 'text',
  locations: 'text',
  policy_revision: 'int4',
  providers: 'text',
  untold: 'text',
} as const;

/** Ends first: a target has one open alert of a type, and the next may begin in the same batch. */
export async function writeAlerts(tx: Transaction<unknown>, rows: AlertRows): Promise<void> {
  await change(tx, rows.changed);
  await insert(tx, rows.raised);
}

async function change(tx: Transaction<unknown>, changes: readonly AlertChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`update alert as a set
      state = case when c.resolved_at is null then a.state else 'resolved' end,
      unmuted_at = coalesce(c.unmuted_at, a.unmuted_at),
      untold = case when c.unmuted_at is null then a.untold end,
      acknowledged_at = coalesce(c.acknowledged_at, a.acknowledged_at),
      acknowledged_by = coalesce(c.acknowledged_by, a.acknowledged_by),
      acknowledgement_note = coalesce(c.acknowledgement_note, a.acknowledgement_note),
      resolved_at = coalesce(c.resolved_at, a.resolved_at),
      resolved_reason = coalesce(c.resolved_reason, a.resolved_reason),
      duration_ms = coalesce(c.duration_ms, a.duration_ms),
      resolved_evidence = coalesce(c.resolved_evidence::jsonb, a.resolved_evidence)
    from ${unnest('c', CHANGE_TYPES, changes.map(storableChange))} where a.id = c.id`.execute(tx);
}

async function insert(tx: Transaction<unknown>, rows: readonly AlertRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(ROW_TYPES);
  const isJson = new Set(['evidence', 'resolved_evidence', 'locations', 'providers']);
  const values = names.map((name) => (isJson.has(name) ? sql`${sql.ref(name)}::jsonb` : sql.ref(name)));
  await sql`insert into alert (${sql.join(names.map((name) => sql.ref(name)))})
    select ${sql.join(values)} from ${unnest('r', ROW_TYPES, rows.map(storableRow))}
    on conflict (id) do nothing`.execute(tx);
}

function storableChange(row: AlertChange) {
  const { acknowledged_by: by, acknowledgement_note: note, resolved_evidence: evidence } = row;
  return {
    ...row,
    acknowledged_by: by === undefined ? undefined : storableText(by),
    acknowledgement_note: note === undefined ? undefined : storableText(note),
    resolved_evidence: evidence === undefined ? undefined : storableJson(evidence),
  };
}

function storableRow(row: AlertRow) {
  return {
    ...row,
    ...storableChange(row),
    target_name: storableText(row.target_name),
    target_url: storableText(row.target_url),
    evidence: storableJson(row.evidence),
    locations: JSON.stringify(row.locations),
    providers: JSON.stringify(row.providers),
  };
}
