import type { LoggedEvent } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import type { SubscriptionRow } from './subscription.js';

/** The subscriptions as a batch leaves them, the newest revision of each. */
export function foldSubscriptions(events: readonly LoggedEvent[]): readonly SubscriptionRow[] {
  const rows = new Map<string, SubscriptionRow>();
  for (const event of events) {
    const row = rowOf(event);
    const before = row === undefined ? undefined : rows.get(row.id);
    if (row !== undefined && (before === undefined || before.revision < row.revision)) rows.set(row.id, row);
  }
  return [...rows.values()];
}

function rowOf(event: LoggedEvent): SubscriptionRow | undefined {
  if (event.type === 'SubscriptionDeleted') {
    const { subscriptionId: id, project, revision } = event.data;
    const nothing = { name: '', event_types: [], start_at: null, config: {}, secret_version: null } as const;
    return { id, project, ...nothing, enabled: false, revision, deleted: true };
  }
  if (event.type !== 'SubscriptionConfigured') return undefined;
  const { subscriptionId: id, project, name, enabled, eventTypes, revision, ...rest } = event.data;
  return {
    id,
    project,
    name,
    enabled,
    event_types: eventTypes,
    start_at: rest.startAt ?? null,
    config: rest.config as JsonObject,
    secret_version: rest.secretVersion ?? null,
    revision,
    deleted: false,
  };
}
