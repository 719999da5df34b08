import { sql, type Transaction } from 'kysely';

/** For migrations: what every schema with a projection has. */
export async function createProjectionTables(tx: Transaction<unknown>, schema: string): Promise<void> {
  await sql`create table ${sql.table(`${schema}.checkpoint`)} (
    projection text not null,
    stream text not null,
    shard text not null,
    seq bigint not null default 0,
    event_id text,
    event_time timestamptz,
    stream_created_at timestamptz,
    rebuild_until bigint not null default 0,
    updated_at timestamptz not null default now(),
    primary key (projection, stream, shard)
  )`.execute(tx);
  await sql`create table ${sql.table(`${schema}.dead_letter`)} (
    id bigint generated always as identity primary key,
    projection text not null,
    stream text not null,
    shard text not null,
    seq bigint not null,
    subject text not null,
    headers jsonb not null,
    body text not null,
    reason text not null,
    message text not null,
    failed_at timestamptz not null default now(),
    replay_requested_at timestamptz,
    replayed_at timestamptz,
    unique (projection, stream, seq, failed_at)
  )`.execute(tx);
}
