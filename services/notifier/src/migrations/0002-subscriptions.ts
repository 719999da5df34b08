import { grantSelect, type Migration } from '@tocsin/database';
import { sql } from 'kysely';

export const subscriptions: Migration = {
  name: '0002_subscriptions',
  async up(tx) {
    await sql`create table notifier.subscription (
      id uuid primary key,
      project text not null,
      name text not null,
      enabled bool not null,
      event_types jsonb not null,
      start_at timestamptz,
      config jsonb not null,
      secret_version int4,
      revision int4 not null,
      deleted bool not null
    )`.execute(tx);
    await sql`create table notifier.subscription_state (
      subscription_id uuid primary key,
      revision int4 not null,
      start_revision int4 not null,
      alerts_sequence int8 not null,
      alerts_at timestamptz,
      status_sequence int8 not null,
      status_at timestamptz,
      standing jsonb not null,
      last_event_id text,
      last_event_type text,
      last_event_time timestamptz,
      last_delivered_at timestamptz,
      last_answer jsonb,
      delivered int8 not null,
      attempts int8 not null
    )`.execute(tx);
    await sql`create table notifier.subscription_attempt (
      subscription_id uuid not null,
      number int8 not null,
      event_id text not null,
      event_type text not null,
      started_at timestamptz not null,
      finished_at timestamptz,
      outcome text not null check (outcome in ('started', 'delivered', 'failed', 'interrupted')),
      status int4,
      excerpt text not null default '',
      reason text,
      primary key (subscription_id, number)
    )`.execute(tx);
    await grantSelect(tx, 'tocsin_api', 'notifier', ['subscription_state', 'subscription_attempt']);
  },
};
