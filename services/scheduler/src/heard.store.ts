import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { Heard } from './recall.js';

type Db = Kysely<unknown>;

interface Row {
  readonly monitor_id: string;
  readonly revision: number;
  readonly enabled_at: Instant;
  readonly last_received_at: Instant | null;
  readonly deadline_at: Instant;
}

export async function heardBefore(db: Db, ids: readonly string[]): Promise<Map<string, Heard>> {
  const { rows } = await sql<Row>`
    select monitor_id, revision, enabled_at, last_received_at, deadline_at
    from heard where monitor_id = any(${ids}::uuid[])`.execute(db);
  return new Map(
    rows.map((row) => [
      row.monitor_id,
      {
        revision: row.revision,
        enabledAt: row.enabled_at,
        lastReceivedAt: row.last_received_at ?? undefined,
        deadlineAt: row.deadline_at,
      },
    ]),
  );
}

/** Sets aside what the log may not tell again; a rebuild that is broken off and begun anew loses none of it. */
export async function keepHeard(db: Db): Promise<void> {
  await sql`insert into heard (monitor_id, revision, enabled_at, last_received_at, deadline_at)
    select monitor_id, revision, enabled_at, last_received_at, deadline_at
    from schedule where deadline_at is not null and not deleted
    on conflict (monitor_id) do update set revision = excluded.revision, enabled_at = excluded.enabled_at,
      last_received_at = excluded.last_received_at, deadline_at = excluded.deadline_at
      where heard.revision <= excluded.revision`.execute(db);
  await sql`delete from heard h using schedule s where s.monitor_id = h.monitor_id and s.deleted`.execute(db);
}

/** The same for tables that were folded beside the live ones, `before`, and have just taken their place. */
export async function takeHeardFrom(db: Db, live: string, before: string): Promise<void> {
  await sql`update ${sql.id(live, 'schedule')} as s
    set last_received_at = greatest(s.last_received_at, w.last_received_at), deadline_at = w.deadline_at
    from ${sql.id(before, 'schedule')} as w
    where w.monitor_id = s.monitor_id and w.revision = s.revision and w.enabled_at = s.enabled_at
      and w.interval_seconds = s.interval_seconds and w.grace_seconds = s.grace_seconds
      and w.deadline_at > s.deadline_at`.execute(db);
}
