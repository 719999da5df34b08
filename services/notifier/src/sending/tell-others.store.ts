import { derivedId, type Instant } from '@tocsin/kernel';
import type { ProviderFailure } from '@tocsin/notifying';
import { sql, type Transaction } from 'kysely';
import { insertNotifications } from '../planning/plan.store.js';
import type { NotificationRow } from '../planning/plan-batch.js';
import type { Desk } from './desk.js';

/**
 * Plans one message about a failing provider to every other provider of the project that works, once per incident.
 * @returns the providers to wake
 */
export async function tellOthers(
  tx: Transaction<unknown>,
  { id, provider, health }: Desk,
  now: Instant,
): Promise<readonly string[]> {
  const { incident } = health;
  if (provider === undefined || incident === undefined) return [];
  const incidentId = derivedId('provider-incident', id, incident.since);
  const failure: ProviderFailure = {
    incidentId,
    project: provider.project,
    providerId: id,
    providerName: provider.name,
    providerKind: provider.kind,
    reason: incident.reason,
    since: incident.since,
    disabled: health.disabledReason !== undefined,
  };
  const { rows: others } = await sql<{ id: string; name: string; kind: string }>`
    select p.id, p.name, p.kind from notifier.provider p
    left join notifier.provider_health h on h.provider_id = p.id
    where p.project = ${provider.project} and p.id <> ${id} and p.enabled and not p.deleted
      and h.disabled_reason is null and h.incident is null`.execute(tx);
  if (others.length === 0) return [];
  await sql`insert into notifier.alert_event (id, alert_id, type, data, message, history_type, target)
    values (${incidentId}, ${incidentId}, 'provider.failing', ${JSON.stringify(failure)}::jsonb, '',
      'provider_failing', ${provider.name}) on conflict (id) do nothing`.execute(tx);
  const rows = others.map(
    (other): NotificationRow => ({
      id: derivedId('notification', incidentId, other.id),
      project: provider.project,
      alert_id: incidentId,
      alert_event_id: incidentId,
      alert_event: 'provider.failing',
      target_id: id,
      target_kind: 'provider',
      provider_id: other.id,
      provider_name: other.name,
      provider_kind: other.kind,
      state: 'planned',
      reason: 'told',
      planned_at: now,
      next_attempt_at: now,
      finished_at: null,
      attempts: 0,
    }),
  );
  const fresh = await insertNotifications(tx, rows);
  return fresh.map(({ provider_id }) => provider_id);
}
