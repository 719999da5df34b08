import { grantSelect, type Migration } from '@tocsin/database';
import { createEventTable, createProjectionTables } from '@tocsin/event-log';
import { sql } from 'kysely';
import { DELIVERIES } from '../notifier.js';

export const tables: Migration = {
  name: '0001_tables',
  async up(tx) {
    await createProjectionTables(tx, 'notifier');
    await createEventTable(tx, DELIVERIES);
    // A rebuild looks up what became of a notification whose row is gone.
    await sql`create index event_notification on notifier.event ((data::jsonb ->> 'notificationId'))`.execute(
      tx,
    );

    await sql`create table notifier.provider (
      id uuid primary key,
      project text not null,
      kind text not null,
      name text not null,
      config jsonb not null,
      secret_version int4,
      enabled bool not null,
      revision int4 not null,
      deleted bool not null
    )`.execute(tx);
    await sql`create table notifier.alert_event (
      id uuid primary key,
      alert_id uuid not null,
      type text not null,
      data jsonb not null,
      traceparent text,
      message text not null,
      history_type text not null,
      target text not null
    )`.execute(tx);

    await sql`create table notifier.notification (
      id uuid primary key,
      project text not null,
      alert_id uuid not null,
      alert_event_id uuid not null,
      alert_event text not null,
      target_id uuid not null,
      target_kind text not null,
      provider_id uuid not null,
      provider_name text not null,
      provider_kind text not null,
      state text not null check (state in ('planned', 'delivered', 'failed', 'muted')),
      reason text,
      planned_at timestamptz not null,
      next_attempt_at timestamptz,
      finished_at timestamptz,
      attempts int4 not null default 0,
      redriven_at timestamptz,
      attempts_before int4 not null default 0
    )`.execute(tx);
    await sql`create index notification_planned on notifier.notification
      (provider_id, planned_at, alert_event, id) where state = 'planned'`.execute(tx);
    await sql`create index notification_alert on notifier.notification (alert_id, planned_at)`.execute(tx);
    await sql`create index notification_dead on notifier.notification (project, planned_at desc, id desc)
      where state = 'failed'`.execute(tx);
    await sql`create index notification_history on notifier.notification
      (project, (coalesce(finished_at, planned_at)) desc, id desc) where state <> 'muted'`.execute(tx);
    await sql`create index notification_target on notifier.notification (target_id)`.execute(tx);
    await sql`create table notifier.attempt (
      notification_id uuid not null references notifier.notification (id),
      number int4 not null,
      started_at timestamptz not null,
      finished_at timestamptz,
      outcome text not null check (outcome in ('started', 'delivered', 'not_now', 'never', 'interrupted')),
      status int4,
      excerpt text not null default '',
      reason text,
      worker int4 not null,
      primary key (notification_id, number)
    )`.execute(tx);
    await sql`create table notifier.redrive (
      event_id uuid primary key,
      notification_id uuid not null,
      requested_at timestamptz not null
    )`.execute(tx);
    await sql`create table notifier.provider_health (
      provider_id uuid primary key,
      disabled_reason text,
      disabled_at timestamptz,
      last_used_at timestamptz,
      breaker text not null default 'closed' check (breaker in ('closed', 'open', 'half_open')),
      breaker_state jsonb not null default '{"state":"closed","failures":0}',
      held_until timestamptz,
      incident jsonb
    )`.execute(tx);

    await sql`create view notifier.alert_history as
      select n.id, e.message, e.history_type as type, left(e.target, 255) as target, n.target_kind as target_type,
        case when n.target_kind = 'monitor' then n.target_id end as monitor_id,
        case when n.target_kind = 'job' then n.target_id end as job_id,
        n.provider_kind as provider, n.provider_id,
        case n.state when 'delivered' then 'sent' when 'failed' then 'failed' else 'pending' end as status,
        coalesce(n.finished_at, n.planned_at) as sent_at,
        case when n.state <> 'delivered' then coalesce(
          (select nullif(concat_ws(': ', a.reason, nullif(a.excerpt, '')), '') from notifier.attempt a
           where a.notification_id = n.id and a.outcome <> 'started' order by a.number desc limit 1),
          case when n.state = 'failed' then n.reason end) end as error_message,
        n.project
      from notifier.notification n join notifier.alert_event e on e.id = n.alert_event_id
      where n.state <> 'muted' and n.target_kind in ('monitor', 'job')`.execute(tx);
    await grantSelect(tx, 'tocsin_api', 'notifier', [
      'notification',
      'attempt',
      'alert_history',
      'provider_health',
    ]);
  },
};
