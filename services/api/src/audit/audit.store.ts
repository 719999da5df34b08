import type { Actor } from '@tocsin/contracts';
import { type AuditEntry, type AuditKind, type AuditQuery, auditCursor } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../wiring.js';
import { actionOf, difference, documentOf, whole } from './shown.js';

/** Newest first, one more than asked for: the log and the changes of access, each in this order, made one. */
export async function listAudit(
  db: Database,
  project: string,
  query: AuditQuery,
  shorten?: typeof whole,
): Promise<AuditEntry[]> {
  const [events, changes] = await Promise.all([
    eventsOf(db, project, query, shorten),
    changesOf(db, project, query, shorten),
  ]);
  return [...events, ...changes]
    .toSorted((a, b) => (`${a.at}|${a.id}` < `${b.at}|${b.id}` ? 1 : -1))
    .slice(0, query.limit + 1);
}

/** All of it as JSON Lines, whole, a page of the database at a time. */
export async function* exportAudit(
  db: Database,
  project: string,
  query: Omit<AuditQuery, 'limit' | 'cursor'>,
): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await listAudit(db, project, { ...query, limit: EXPORTED_AT_ONCE, cursor }, whole);
    const shown = page.slice(0, EXPORTED_AT_ONCE);
    const last = shown.at(-1);
    cursor =
      page.length > shown.length && last !== undefined ? auditCursor.encode([last.at, last.id]) : undefined;
    yield shown.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  } while (cursor !== undefined);
}

interface EventRow {
  readonly position: number;
  readonly hash: string;
  readonly id: string;
  readonly time: Instant;
  readonly type: string;
  readonly kind: AuditKind;
  readonly entity_id: string;
  readonly entity_name: string | null;
  readonly network: string | null;
  readonly data: string;
  readonly before: string | null;
}

const EXPORTED_AT_ONCE = 500;

type Condition = RawBuilder<unknown>;
const all = (conditions: readonly Condition[]): Condition => sql.join(conditions, sql` and `);

function within(at: Condition, id: Condition, { cursor, from, to }: AuditQuery): Condition[] {
  const conditions: Condition[] = [];
  if (cursor !== undefined) {
    const [time, last] = auditCursor.decode(cursor);
    conditions.push(sql`(${at}, ${id}) < (${time}::timestamptz, ${last}::uuid)`);
  }
  if (from !== undefined) conditions.push(sql`${at} >= ${from}::timestamptz`);
  if (to !== undefined) conditions.push(sql`${at} < ${to}::timestamptz`);
  return conditions;
}

async function eventsOf(
  db: Database,
  project: string,
  query: AuditQuery,
  shorten?: typeof whole,
): Promise<AuditEntry[]> {
  const { actor, kind, entityId, cause, limit } = query;
  const by = sql`(e.data::jsonb -> 'changedBy')`;
  const conditions = [
    sql`split_part(e.subject, '.', 2) = ${project}`,
    ...within(sql`e.time`, sql`e.id`, query),
    ...(kind === undefined ? [] : [sql`split_part(e.subject, '.', 3) = ${kind}`]),
    ...(entityId === undefined ? [] : [sql`e.entity_id = ${entityId}::uuid`]),
    ...(actor === undefined ? [] : [sql`(${by} ->> 'id' = ${actor} or ${by} ->> 'name' = ${actor})`]),
    ...(cause === undefined ? [] : [sql`starts_with(${by} ->> 'cause', ${cause})`]),
  ];
  const { rows } = await sql<EventRow>`
    select e.id, e.position, e.hash, e.time, e.type, split_part(e.subject, '.', 3) as kind, e.entity_id, e.data, o.network,
      p.data as before, n.name as entity_name
    from (select * from config.event e where ${all(conditions)} order by e.time desc, e.id desc limit ${limit + 1}) e
    left join config.event_origin o on o.event_id = e.id
    left join lateral (
      select p.data from config.event p
      where p.entity_id = e.entity_id and p.subject = e.subject and p.chain = e.chain and p.position < e.position
      order by p.position desc limit 1) p on e.type like '%Configured' or e.type like '%Deleted'
    left join lateral (
      select n.data::jsonb ->> 'name' as name from config.event n
      where n.entity_id = e.entity_id and n.type like '%Configured' and n.chain = e.chain and n.position <= e.position
      order by n.position desc limit 1) n on true
    order by e.time desc, e.id desc`.execute(db);
  return rows.map((row) => entryOf(row, shorten));
}

function entryOf({ id, time, type, kind, network, ...row }: EventRow, shorten?: typeof whole): AuditEntry {
  const data = JSON.parse(row.data) as JsonObject;
  const before = row.before === null ? null : documentOf(JSON.parse(row.before) as JsonObject);
  const after = type.endsWith('Deleted') ? null : documentOf(data);
  return {
    id,
    at: time,
    actor: data.changedBy as unknown as Actor,
    network,
    kind,
    action: actionOf(type, before, after),
    entityId: row.entity_id,
    entityName: row.entity_name,
    chain: { name: 'config', position: row.position, hash: row.hash },
    ...difference(before, after, shorten),
  };
}

async function changesOf(
  db: Database,
  project: string,
  query: AuditQuery,
  shorten?: typeof whole,
): Promise<AuditEntry[]> {
  const { actor, kind, entityId, cause, limit } = query;
  // Who may do what is changed one by one: a cause is of configuration.
  if (cause !== undefined) return [];
  const conditions = [
    sql`project = ${project}`,
    ...within(sql`changed_at`, sql`id`, query),
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    ...(entityId === undefined ? [] : [sql`entity_id = ${entityId}::uuid`]),
    ...(actor === undefined ? [] : [sql`(actor_id = ${actor} or actor_name = ${actor})`]),
  ];
  const rows = await db
    .selectFrom('auth.change')
    // A row without its link is the one that must not go unseen.
    .leftJoin(
      sql<{
        row_id: string;
        position: number;
        hash: string;
      }>`(select * from auth.trail where source = 'auth.change')`.as('t'),
      't.row_id',
      'auth.change.id',
    )
    .selectAll('auth.change')
    .select(['t.position', 't.hash'])
    .where(sql<boolean>`${all(conditions)}`)
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.changed_at,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    network: row.network,
    kind: row.kind,
    action: row.action,
    entityId: row.entity_id,
    entityName: row.entity_name,
    chain:
      row.position === null || row.hash === null
        ? null
        : { name: 'access', position: row.position, hash: row.hash },
    ...difference(row.before, row.after, shorten),
  }));
}
