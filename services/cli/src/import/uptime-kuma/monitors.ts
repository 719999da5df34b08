import type { JsonObject } from '@tocsin/kernel';
import { longestIntervalSeconds } from '@tocsin/monitoring';
import type { Draft } from '../draft.js';
import type { Account, Ledger, Thing } from '../ledger.js';
import { clamp, settings } from '../mapping.js';
import { cleanTags, type NameFor } from '../names.js';
import type { KumaMonitor } from './backup.js';
import { needsUnknownAuth } from './http-auth.js';
import { KINDS } from './kinds.js';

interface Surroundings {
  readonly ledger: Ledger;
  readonly groups: ReadonlyMap<number, string>;
  /** names by id, of what was carried over */
  readonly providers: ReadonlyMap<string, string>;
  readonly nameFor: NameFor;
}

const DERIVED = [
  'id',
  'user_id',
  'path',
  'pathName',
  'childrenIDs',
  'forceInactive',
  'includeSensitiveData',
  'screenshot',
  'maintenance',
  'dns_last_result',
  'weight',
  'sendUrl',
  'showOnlyLastHeartbeat',
  'created_date',
];

/** Every monitor has the fields of all types, and defaults in them. */
const OF_TYPES =
  /^(?:url|hostname|port|location|protocol|subtype|keyword|invertKeyword|method|headers|body|httpBodyEncoding|authMethod|basic_auth_\w+|bearer_token|oauth_\w+|auth(?:Workstation|Domain)|tls\w+|accepted_statuscodes|maxredirects|ignoreTls|expiryNotification|packetSize|dns_resolve_\w+|docker_\w+|mqtt\w+|database\w+|grpc\w+|radius\w+|game\w*|jsonPath\w*|expectedValue|expectedTlsAlert|kafkaProducer\w+|remote_browser|snmp\w+|smtpSecurity|rabbitmq\w+|conditions|ping_\w+|ntp\w+|ws\w+|system_service_name|screenshot_delay|pushToken|retryOnlyOnStatusCodeFailure)$/;

/** @returns undefined when it cannot be carried over, which is then in the ledger */
export function monitorDraft(monitor: KumaMonitor, index: number, around: Surroundings): Draft | undefined {
  const type = monitor.type ?? '';
  const whole = around.ledger.at(['monitorList']);
  const mapping = KINDS[type];
  const called = `"${monitor.name ?? ''}" (${type})`;
  if (mapping === undefined) {
    whole.left([index], `${called}: Tocsin has no such kind of monitor`, 'watch it in another way');
    return undefined;
  }
  if (monitor.upsideDown === true && type !== 'port') {
    const todo = 'turn what it checks round, for instance with a keyword that must be absent';
    whole.left([index], `${called} is upside down, and Tocsin has that for ports only`, todo);
    return undefined;
  }
  const name = around.nameFor(monitor.name ?? '', `${type} ${index + 1}`);
  const thing: Thing = { kind: 'monitor', name };
  const account = around.ledger.at(['monitorList', index], thing);
  if (name === monitor.name) account.carried('name', 'name');
  else account.changed('name', 'name', 'a name stands for one thing');
  const target = mapping(monitor, account);
  if (target === undefined) return undefined;
  const value = settings({
    name,
    ...target,
    type: target.type,
    intervalSeconds: intervalOf(monitor, target.type, account),
    enabled: enabledOf(monitor, account),
    description: descriptionOf(monitor, account),
    tags: tagsOf(monitor, account, around.groups),
    alertConfig: alertsOf(monitor, account, around.providers),
  });
  if (type === target.type) account.carried('type', 'type');
  else account.changed('type', 'type', `${type} is ${target.type}`);
  if (monitor.upsideDown !== true) account.unneeded('upsideDown', 'it is not');
  account.unneeded(DERIVED, 'not a setting, or where it is shown');
  account.left('resendInterval', 'alerts are told once, not again and again', 'nothing; or an escalation');
  account.left('domainExpiryNotification', 'the expiry of a domain is not watched', 'watch it elsewhere');
  account.left('cacheBust', 'no changing query is added', 'add a no-cache header where that helps');
  if (monitor.ipFamily !== 'auto')
    account.left('ipFamily', 'both families are tried', 'name the address itself');
  account.unneeded(['saveResponse', 'saveErrorResponse', 'responseMaxLength'], 'answers are not stored');
  account.others((key) => OF_TYPES.test(key), `does nothing for ${type}`);
  return { ...thing, value };
}

function intervalOf({ interval = 60 }: KumaMonitor, type: string, account: Account): number {
  const fitting = clamp(Math.ceil(interval), 1, longestIntervalSeconds(type));
  if (fitting === interval) account.carried('interval', 'intervalSeconds');
  else account.changed('interval', 'intervalSeconds', `${interval} became ${fitting} seconds`);
  return fitting;
}

function enabledOf(monitor: KumaMonitor, account: Account): boolean {
  const todo =
    'the monitor is switched off: run an executor where the target can be reached, name it in locations, then switch it on';
  account.left('proxyId', 'checks go straight to their target', todo);
  const isReady = !needsUnknownAuth(monitor) && monitor.proxyId === undefined;
  if (isReady) account.carried('active', 'enabled');
  else account.changed('active', 'enabled', 'off until somebody has seen to it');
  return monitor.active !== false && isReady;
}

function descriptionOf({ description }: KumaMonitor, account: Account): string | undefined {
  account.carried('description', 'description');
  return description === '' ? undefined : description;
}

function tagsOf(
  monitor: KumaMonitor,
  account: Account,
  groups: ReadonlyMap<number, string>,
): string[] | undefined {
  const group = groups.get(monitor.parent ?? Number.NaN);
  if (group === undefined) account.unneeded('parent', 'there is no such group');
  else account.changed('parent', 'tags', 'the group became a tag');
  const given = (monitor.tags ?? []).map((tag) => {
    const { name, value } = tag ?? {};
    return value === undefined || value === '' ? (name ?? '') : `${name ?? ''}: ${value}`;
  });
  account.changed('tags', 'tags', 'names with their values, without colours');
  const tags = cleanTags([...(group === undefined ? [] : [group]), ...given]);
  return tags.length === 0 ? undefined : tags;
}

const MOST_PROVIDERS = 10;

function alertsOf(
  monitor: KumaMonitor,
  account: Account,
  providers: ReadonlyMap<string, string>,
): JsonObject | undefined {
  const failureThreshold = thresholdOf(monitor, account);
  const wanted = Object.entries(monitor.notificationIDList ?? {}).filter(([, on]) => on === true || on === 1);
  const names: string[] = [];
  for (const [id] of wanted) {
    const name = providers.get(id);
    const place = ['notificationIDList', id];
    if (name === undefined)
      account.left(place, 'this notification was not carried over', 'name another provider in alertConfig');
    else if (names.length === MOST_PROVIDERS)
      account.left(place, `at most ${MOST_PROVIDERS} providers`, 'tell the others from one of these');
    else {
      names.push(name);
      account.changed(place, 'alertConfig.notificationProviders', `its number became its name "${name}"`);
    }
  }
  if (names.length === 0 && failureThreshold === undefined) return undefined;
  return settings({
    enabled: names.length > 0,
    notificationProviders: names,
    alertOnSslExpiration: monitor.expiryNotification === true || undefined,
    failureThreshold,
  });
}

/** Uptime Kuma calls a monitor down when the retries after the first failure failed too. */
function thresholdOf(
  { type, maxretries, interval, retryInterval }: KumaMonitor,
  account: Account,
): number | undefined {
  if (type === 'push') return undefined;
  const threshold = clamp(Math.ceil(maxretries ?? 0), 0, 1_000) + 1;
  const to = 'alertConfig.failureThreshold';
  if (maxretries === 0) account.unneeded('maxretries', 'the first failure counts, which is the default');
  else
    account.changed(
      'maxretries',
      to,
      `${maxretries} retries: the failure number ${threshold} raises the alert`,
    );
  if (threshold === 1) account.unneeded('retryInterval', 'there are no retries');
  else if (retryInterval === interval || !retryInterval)
    account.unneeded('retryInterval', 'the same as the interval');
  else
    account.left(
      'retryInterval',
      `failures are confirmed at the interval of ${interval} seconds, not after ${retryInterval}`,
      'set config.retries and config.retryDelaySeconds to try again within a check',
    );
  return threshold === 1 ? undefined : threshold;
}
