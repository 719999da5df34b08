import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import { clamp, settings } from '../mapping.js';
import type { GatusAlert } from './config.js';
import type { Providers } from './providers.js';

interface Asked {
  readonly group: string | undefined;
  readonly alerts: readonly (GatusAlert | undefined)[];
  readonly alertOnSslExpiration: boolean;
}

const FAILURES = 3;
const SUCCESSES = 2;

/** Gatus has thresholds for each alert: a monitor of Tocsin has one of each kind, so the most eager one counts. */
export function alertConfigOf(asked: Asked, account: Account, providers: Providers): JsonObject | undefined {
  const on: { alert: GatusAlert; defaults: GatusAlert | undefined; name: string; index: number }[] = [];
  for (const [index, alert] of asked.alerts.entries()) {
    const provider = alert === undefined ? undefined : providers.find(alert.type ?? '', asked.group);
    if (alert === undefined) continue;
    const place = ['alerts', index];
    if (provider === undefined)
      account.left(place, `no provider "${alert.type}" was carried over`, 'name another in alertConfig');
    else if ((alert.enabled ?? provider.defaults?.enabled) === false)
      account.left([...place, 'type'], 'the alert is switched off', 'name the provider when it is to be on');
    else {
      account.changed(
        [...place, 'type'],
        'alertConfig.notificationProviders',
        `the provider "${provider.name}"`,
      );
      on.push({ alert, defaults: provider.defaults, name: provider.name, index });
    }
    if (provider !== undefined) accountFor(account, place);
  }
  const wanted = on.slice(0, 10);
  if (wanted.length === 0) return undefined;
  const least = (key: 'failure-threshold' | 'success-threshold', otherwise: number) =>
    Math.min(...wanted.map(({ alert, defaults }) => threshold(alert[key] ?? defaults?.[key], otherwise)));
  const resolves = wanted.some(
    ({ alert, defaults }) => (alert['send-on-resolved'] ?? defaults?.['send-on-resolved']) === true,
  );
  const descriptions = wanted.flatMap(
    ({ alert, defaults }) => alert.description ?? defaults?.description ?? [],
  );
  return settings({
    enabled: true,
    notificationProviders: [...new Set(wanted.map(({ name }) => name))],
    failureThreshold: least('failure-threshold', FAILURES),
    recoveryThreshold: least('success-threshold', SUCCESSES),
    alertOnRecovery: resolves,
    alertOnSslExpiration: asked.alertOnSslExpiration || undefined,
    customMessage:
      descriptions.length === 0 ? undefined : [...new Set(descriptions)].join('\n').slice(0, 2_000),
  });
}

const threshold = (value: number | undefined, otherwise: number): number =>
  value === undefined || value <= 0 ? otherwise : clamp(Math.ceil(value), 1, 1_000);

function accountFor(account: Account, place: readonly (string | number)[]): void {
  const least = 'one for the monitor: the smallest of its alerts';
  account.changed([...place, 'failure-threshold'], 'alertConfig.failureThreshold', least);
  account.changed([...place, 'success-threshold'], 'alertConfig.recoveryThreshold', least);
  account.changed([...place, 'send-on-resolved'], 'alertConfig.alertOnRecovery', 'one for the monitor');
  account.changed([...place, 'description'], 'alertConfig.customMessage', 'one for the monitor');
  account.changed([...place, 'enabled'], 'alertConfig.notificationProviders', 'who is on is named');
  account.left([...place, 'minimum-reminder-interval'], 'an alert is told once', 'nothing; or an escalation');
  const todo = 'make a provider of its own with these settings and name it';
  account.left([...place, 'provider-override'], 'a monitor does not change its providers', todo);
}
