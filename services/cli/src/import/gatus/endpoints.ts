import type { JsonObject } from '@tocsin/kernel';
import { longestIntervalSeconds } from '@tocsin/monitoring';
import type { Draft } from '../draft.js';
import type { Account, Ledger, Thing } from '../ledger.js';
import { clamp, settings } from '../mapping.js';
import { cleanTags, type NameFor } from '../names.js';
import { alertConfigOf } from './alerts.js';
import type { GatusEndpoint, GatusExternal } from './config.js';
import { durationMs } from './duration.js';
import type { Providers } from './providers.js';
import { targetOf } from './targets.js';

interface Surroundings {
  readonly ledger: Ledger;
  readonly providers: Providers;
  readonly nameFor: NameFor;
}

/** With one of them a check would not get through: the monitor is switched off until somebody has seen to it. */
const WAYS = {
  oauth2: 'Tocsin does not sign in by OAuth 2',
  'identity-aware-proxy': 'Tocsin does not sign in to it',
  tls: 'Tocsin has no client certificates',
  'proxy-url': 'checks go straight to their target',
  tunnel: 'checks go straight to their target',
} as const;

/** @returns undefined when it cannot be carried over, which is then in the ledger */
export function endpointDraft(
  endpoint: GatusEndpoint,
  index: number,
  around: Surroundings,
): Draft | undefined {
  const name = around.nameFor(endpoint.name ?? '', `endpoint ${index + 1}`, endpoint.group);
  const thing: Thing = { kind: 'monitor', name };
  const account = around.ledger.at(['endpoints', index], thing);
  const target = targetOf(endpoint, account);
  if (target === undefined) {
    const scheme = /^\w+(?=:)/.exec(endpoint.url ?? '')?.[0] ?? 'this address';
    const why = `"${endpoint.name}": Tocsin does not watch ${scheme}`;
    around.ledger.at(['endpoints']).left([index], why, 'watch it in another way, such as by its port');
    return undefined;
  }
  const needsWork = Object.keys(WAYS).some((way) => endpoint.client?.[way] !== undefined);
  if (needsWork) account.changed('enabled', 'enabled', 'off until somebody has seen to it');
  else account.carried('enabled', 'enabled');
  for (const [way, why] of Object.entries(WAYS)) {
    const todo = 'the monitor is switched off: find another way, then switch it on';
    account.left(['client', way], why, todo);
  }
  account.left(
    ['client', 'dns-resolver'],
    'names are resolved as the executor does',
    'set the resolver there',
  );
  for (const key of ['network', 'store-cookies'])
    account.left(['client', key], 'a check has no such setting', 'nothing, unless it fails without');
  const value = settings({
    ...common(endpoint, account, name),
    type: target.type,
    target: target.target,
    config: target.config,
    enabled: endpoint.enabled !== false && !needsWork,
    intervalSeconds: intervalOf(endpoint.interval, target.type, 'interval', 60_000, account),
    alertConfig: alertConfigOf(
      {
        group: endpoint.group,
        alerts: endpoint.alerts ?? [],
        alertOnSslExpiration: target.alertOnSslExpiration === true,
      },
      account,
      around.providers,
    ),
  });
  account.unneeded('ui', 'how it is shown by Gatus');
  account.left('maintenance-windows', 'no file says when maintenance is', 'make silences in the console');
  account.others(
    (key) => ['method', 'headers', 'body', 'graphql'].includes(key),
    `nothing of ${target.type}`,
  );
  return { ...thing, value };
}

/** What is told from outside is a heartbeat: without one in the interval, each interval is a failure. */
export function externalDraft(
  external: GatusExternal,
  index: number,
  around: Surroundings,
): Draft | undefined {
  const called = external.name ?? '';
  const everyMs = durationMs(external.heartbeat?.interval);
  if (everyMs === undefined) {
    const why = `"${called}" has no heartbeat.interval, and a heartbeat is one that can be missed`;
    const todo = 'make a heartbeat with the interval at which results come';
    around.ledger.at(['external-endpoints']).left([index], why, todo);
    return undefined;
  }
  const name = around.nameFor(called, `external endpoint ${index + 1}`, external.group);
  const thing: Thing = { kind: 'monitor', name };
  const account = around.ledger.at(['external-endpoints', index], thing);
  const todo =
    'after apply, let what pushes results call the address of the heartbeat (tocsin monitors show)';
  account.carried('enabled', 'enabled');
  account.left('token', 'a heartbeat gets an address of its own', todo);
  account.left('maintenance-windows', 'no file says when maintenance is', 'make silences in the console');
  const asked = { group: external.group, alerts: external.alerts ?? [], alertOnSslExpiration: false };
  const value = settings({
    ...common(external, account, name),
    type: 'heartbeat',
    enabled: external.enabled !== false,
    intervalSeconds: intervalOf(
      external.heartbeat?.interval,
      'heartbeat',
      ['heartbeat', 'interval'],
      everyMs,
      account,
    ),
    config: { graceSeconds: 0 },
    alertConfig: alertConfigOf(asked, account, around.providers),
  });
  return { ...thing, value };
}

function common(given: GatusEndpoint | GatusExternal, account: Account, name: string): JsonObject {
  if (name === given.name) account.carried('name', 'name');
  else account.changed('name', 'name', 'a name stands for one thing');
  account.changed('group', 'tags', 'the group became a tag');
  account.changed('extra-labels', 'tags', 'labels became tags');
  const labels = Object.entries((given['extra-labels'] ?? {}) as Record<string, unknown>);
  const tags = cleanTags([given.group ?? '', ...labels.map(([key, value]) => `${key}: ${String(value)}`)]);
  return settings({ name, tags: tags.length === 0 ? undefined : tags });
}

function intervalOf(
  text: string | undefined,
  type: string,
  key: string | readonly string[],
  otherwiseMs: number,
  account: Account,
): number {
  const ms = durationMs(text);
  const seconds = clamp(Math.ceil((ms ?? otherwiseMs) / 1_000), 1, longestIntervalSeconds(type));
  if (text !== undefined && ms === undefined) account.left(key, 'not a duration', 'set intervalSeconds');
  else account.changed(key, 'intervalSeconds', `${seconds} seconds`);
  return seconds;
}
