import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

const TABLES = `
create table config.subscriptions (
  id uuid primary key,
  project text not null,
  name text not null,
  enabled bool not null,
  event_types text[] not null,
  start_at timestamptz,
  config jsonb not null,
  masks jsonb not null,
  secret_version int4,
  revision int4 not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index subscriptions_of_project on config.subscriptions (project, id);

alter table config.secret
  drop constraint secret_record_kind_check,
  add constraint secret_record_kind_check
    check (record_kind in ('monitor', 'provider', 'variable', 'subscription'))`;

export const webhookSubscriptions: Migration = {
  name: '0006_webhook_subscriptions',
  async up(tx) {
    for (const statement of TABLES.split(';')) await sql.raw(statement).execute(tx);
  },
};
