import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

const TABLES = `
create table auth.user (
  id uuid primary key,
  project text not null,
  email text not null,
  email_key text not null unique,
  name text not null,
  role text not null check (role in ('viewer', 'editor', 'admin')),
  password_hash text,
  password_is_temporary bool not null,
  disabled_at timestamptz,
  oidc_issuer text,
  oidc_subject text,
  totp_key_id text,
  totp_wrapped_key bytea,
  totp_ciphertext bytea,
  totp_confirmed_at timestamptz,
  totp_last_step int8,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  last_signed_in_at timestamptz,
  unique (oidc_issuer, oidc_subject)
);
create index user_of_project on auth.user (project, id);

create table auth.recovery_code (
  user_id uuid not null references auth.user on delete cascade,
  code_hash bytea not null,
  primary key (user_id, code_hash)
);

create table auth.session (
  id uuid primary key,
  user_id uuid not null references auth.user on delete cascade,
  secret_hash bytea not null unique,
  method text not null check (method in ('password', 'oidc')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  network text,
  user_agent text
);
create index session_of_user on auth.session (user_id, id);
create index session_by_age on auth.session (last_seen_at);

create table auth.attempt (
  kind text not null,
  who bytea not null,
  tokens float8 not null,
  counted_at timestamptz not null,
  primary key (kind, who)
);
create index attempt_by_age on auth.attempt (counted_at);

create table auth.change (
  id uuid primary key,
  project text not null,
  changed_at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  network text,
  kind text not null,
  action text not null,
  entity_id uuid not null,
  entity_name text not null,
  before jsonb,
  after jsonb
);
create index change_by_time on auth.change (project, changed_at desc, id desc);
create index change_of_entity on auth.change (entity_id, changed_at desc)`;

export const people: Migration = {
  name: '0002_people',
  async up(tx) {
    for (const statement of TABLES.split(';')) await sql.raw(statement).execute(tx);
  },
};
