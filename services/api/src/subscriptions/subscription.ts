import { joinSecrets, type SubscriptionConfig, subscriptionConfig } from '@tocsin/contracts';
import type { Beginning, SubscriptionInput, SubscriptionView } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { Change } from '../changes/config-event.js';
import type { SubscriptionRow } from '../database.js';
import type { Told } from './subscription-state.store.js';

export const secretPathsOf = (config: SubscriptionConfig) => subscriptionConfig.secretPaths(config);

/** What a caller sets, as settings; the rest of them is ours. */
export const settingsOf = ({ url, headers, timeoutSeconds }: SubscriptionInput) => ({
  url,
  headers,
  timeoutSeconds,
});

/** As columns; the settings apart, which are kept in two places. */
export const columnsOf = ({ name, enabled, eventTypes }: SubscriptionInput) => ({
  name,
  enabled,
  event_types: eventTypes,
});

export const startOf = (from: Beginning | undefined, now: Instant): Instant | null =>
  from === 'start' ? null : from === undefined || from === 'now' ? now : from;

const masked = ({ config, masks }: SubscriptionRow) =>
  joinSecrets(config, masks) as unknown as SubscriptionConfig;

/** What is stored in the form it came in, secrets masked: what a PATCH is merged into. */
export function shownOf(row: SubscriptionRow): JsonObject {
  const { url, headers, timeoutSeconds } = masked(row);
  const { name, enabled, event_types: eventTypes } = row;
  return { name, enabled, eventTypes, url, headers, timeoutSeconds };
}

/** @param signingSecret shown this once */
export function viewOf(row: SubscriptionRow, told: Told, signingSecret?: string): SubscriptionView {
  const { url, headers, timeoutSeconds, previousSecretUntil } = masked(row);
  const { state, ...delivery } = told;
  const off = {
    ...delivery,
    disabledReason: 'by_a_person',
    failingSince: null,
    nextAttemptAt: null,
  } as const;
  return {
    id: row.id,
    name: row.name,
    url,
    eventTypes: row.event_types,
    enabled: row.enabled,
    headers,
    timeoutSeconds,
    startAt: row.start_at,
    ...(signingSecret === undefined ? {} : { signingSecret }),
    previousSecretUntil: previousSecretUntil ?? null,
    state: row.enabled ? state : 'disabled',
    delivery: row.enabled ? delivery : off,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  };
}

export const configuredOf = (row: SubscriptionRow): Change<'SubscriptionConfigured'> => ({
  subscriptionId: row.id,
  revision: row.revision,
  name: row.name,
  enabled: row.enabled,
  eventTypes: row.event_types,
  ...(row.start_at === null ? {} : { startAt: row.start_at }),
  config: row.config,
  ...(row.secret_version === null ? {} : { secretVersion: row.secret_version }),
});
