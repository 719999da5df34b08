import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

const TABLES = `
create table auth.token (
  id uuid primary key,
  project text not null,
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
);
create index token_of_project on auth.token (project, id);

create table auth.idempotency (
  token_id uuid not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  sealing_key_id text,
  wrapped_key bytea,
  ciphertext bytea,
  created_at timestamptz not null,
  primary key (token_id, route, key)
);
create index idempotency_by_age on auth.idempotency (created_at)`;

export const authTables: Migration = {
  name: '0001_auth_tables',
  async up(tx) {
    for (const statement of TABLES.split(';')) await sql.raw(statement).execute(tx);
  },
};
