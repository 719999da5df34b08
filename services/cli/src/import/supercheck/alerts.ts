import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import { settings } from '../mapping.js';
import type { SupercheckAlerts } from './resources.js';

const FIELDS = [
  'enabled',
  'alertOnFailure',
  'alertOnRecovery',
  'alertOnSslExpiration',
  'alertOnSuccess',
  'alertOnTimeout',
  'failureThreshold',
  'recoveryThreshold',
  'customMessage',
] as const;

/** Field for field the same, with the names of providers for their ids. */
export function alertConfigOf(
  alerts: SupercheckAlerts,
  account: Account,
  providers: ReadonlyMap<string, string>,
): JsonObject | undefined {
  if (alerts === undefined) return undefined;
  for (const field of FIELDS.slice(1)) account.carried(['alertConfig', field], `alertConfig.${field}`);
  const names: string[] = [];
  for (const [index, id] of (alerts.notificationProviders ?? []).entries()) {
    const place = ['alertConfig', 'notificationProviders', index];
    const name = providers.get(id);
    if (name === undefined)
      account.left(
        place,
        'this provider is in none of the files',
        'export the providers too, or name another',
      );
    else if (!names.includes(name)) {
      names.push(name);
      account.changed(place, 'alertConfig.notificationProviders', `its id became its name "${name}"`);
    }
  }
  const config = settings({
    ...Object.fromEntries(FIELDS.map((field) => [field, alerts[field]])),
    notificationProviders: names.slice(0, 10),
  });
  if (alerts.enabled !== true || names.length > 0) {
    account.carried(['alertConfig', 'enabled'], 'alertConfig.enabled');
    return config;
  }
  account.left(
    ['alertConfig', 'enabled'],
    'nobody is left to tell',
    'name providers and set alertConfig.enabled',
  );
  return { ...config, enabled: false };
}
