import type { LoggedEvent } from '@tocsin/contracts';
import { unnest } from '@tocsin/database';
import { sql, type Transaction } from 'kysely';
import { type HeardRow, type Known, type NotificationRow, type Plan, tellable } from './plan-batch.js';
import { findProviders } from './provider.store.js';

/** One query for each table, whatever the size of the batch. */
export async function loadKnown(tx: Transaction<unknown>, events: readonly LoggedEvent[]): Promise<Known> {
  const told = events.flatMap((event) => {
    const one = tellable(event);
    return one === undefined ? [] : [{ id: event.id, data: one.data }];
  });
  const providerIds = new Set(told.flatMap(({ data }) => data.providers));
  for (const { type, data } of events)
    if (type === 'ProviderConfigured' || type === 'ProviderDeleted') providerIds.add(data.providerId);
  if (told.length === 0)
    return { providers: await findProviders(tx, [...providerIds]), alertEvents: new Set(), heard: [] };

  const { rows: known } = await sql<{ id: string }>`
    select id from alert_event where id = any(${told.map(({ id }) => id)}::uuid[])`.execute(tx);
  const alertIds = [...new Set(told.map(({ data }) => data.alertId))];
  const { rows: heard } = await sql<HeardRow>`
    select alert_id, alert_event, provider_id, state from notification
    where alert_id = any(${alertIds}::uuid[]) order by planned_at, id`.execute(tx);
  for (const { provider_id } of heard) providerIds.add(provider_id);
  return {
    providers: await findProviders(tx, [...providerIds]),
    alertEvents: new Set(known.map(({ id }) => id)),
    heard,
  };
}

/** @returns the notifications that were not there yet */
export async function savePlan(
  tx: Transaction<unknown>,
  plan: Plan,
  notifications: readonly NotificationRow[],
): Promise<readonly NotificationRow[]> {
  if (plan.alertEvents.length > 0)
    await sql`insert into alert_event (id, alert_id, type, data, traceparent, message, history_type, target)
      select * from ${unnest(
        'e',
        {
          id: 'uuid',
          alert_id: 'uuid',
          type: 'text',
          data: 'jsonb',
          traceparent: 'text',
          message: 'text',
          history_type: 'text',
          target: 'text',
        },
        plan.alertEvents,
      )} on conflict (id) do nothing`.execute(tx);
  return await insertNotifications(tx, notifications);
}

export async function insertNotifications(
  tx: Transaction<unknown>,
  notifications: readonly NotificationRow[],
): Promise<readonly NotificationRow[]> {
  if (notifications.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    insert into notification (id, project, alert_id, alert_event_id, alert_event, target_id, target_kind,
      provider_id, provider_name, provider_kind, state, reason, planned_at, next_attempt_at, finished_at, attempts)
    select * from ${unnest(
      'n',
      {
        id: 'uuid',
        project: 'text',
        alert_id: 'uuid',
        alert_event_id: 'uuid',
        alert_event: 'text',
        target_id: 'uuid',
        target_kind: 'text',
        provider_id: 'uuid',
        provider_name: 'text',
        provider_kind: 'text',
        state: 'text',
        reason: 'text',
        planned_at: 'timestamptz',
        next_attempt_at: 'timestamptz',
        finished_at: 'timestamptz',
        attempts: 'int4',
      } as const,
      notifications,
    )} on conflict (id) do nothing returning id`.execute(tx);
  const inserted = new Set(rows.map(({ id }) => id));
  return notifications.filter(({ id }) => inserted.has(id));
}
