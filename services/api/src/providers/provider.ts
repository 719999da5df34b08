import { joinSecrets, providerKinds } from '@tocsin/contracts';
import type { ProviderInput, ProviderView } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { ProviderKind } from '@tocsin/notifying';
import type { Change } from '../changes/config-event.js';
import { type Owned, ownedBy, ownerOf } from '../changes/owner.js';
import type { ProviderRow } from '../database.js';
import type { ProviderHealth } from '../reading/provider-health.store.js';
import { originOf, valueAt } from '../secrets/masked.js';

export const secretPathsOf = (type: ProviderKind, config: JsonObject) =>
  providerKinds[type].secretPaths(config);

/** What a caller may set, as columns; the settings apart, which are kept in two places. */
export const columnsOf = ({ name, type, enabled, managedBy }: ProviderInput, before?: Owned) => ({
  name,
  type,
  enabled,
  managed_by: ownerOf({ managedBy }, before),
});

/** What is stored in the form it came in, secrets masked: what a PATCH is merged into. */
export const shownOf = ({ name, type, enabled, config, masks, managed_by }: ProviderRow): JsonObject => ({
  name,
  type,
  enabled,
  config: joinSecrets(config, masks),
  ...ownedBy({ managed_by }),
});

/** Everything in the settings that says where their secrets go. */
const DESTINATIONS = [['url'], ['apiBaseUrl'], ['smtp', 'host'], ['smtp', 'port'], ['smtp', 'secure']];

export const isMoved = (before: JsonObject, after: JsonObject): boolean =>
  DESTINATIONS.some((path) => placeOf(valueAt(before, path)) !== placeOf(valueAt(after, path)));

const placeOf = (value: unknown): unknown => (typeof value === 'string' ? originOf(value) : value);

export const viewOf = (row: ProviderRow, health: ProviderHealth): ProviderView => ({
  id: row.id,
  name: row.name,
  type: row.type,
  enabled: row.enabled,
  config: joinSecrets(row.config, row.masks),
  ...ownedBy(row),
  lastUsedAt: health.lastUsedAt,
  disabledReason: health.disabledReason,
  health: {
    lastSuccessAt: health.lastUsedAt,
    failingSince: health.failingSince,
    failingReason: health.failingReason,
    circuit: health.circuit,
  },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  revision: row.revision,
});

export const configuredOf = (row: ProviderRow): Change<'ProviderConfigured'> => ({
  providerId: row.id,
  revision: row.revision,
  name: row.name,
  type: row.type,
  enabled: row.enabled,
  config: row.config,
  ...(row.secret_version === null ? {} : { secretVersion: row.secret_version }),
  ...ownedBy(row),
});
