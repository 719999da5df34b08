import { monitorKinds } from '@tocsin/contracts';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import { LONGEST_GRACE_SECONDS, longestIntervalSeconds, type MonitorKind } from '@tocsin/monitoring';
import type { z } from 'zod';
import { type Draft, UNTOLD } from '../draft.js';
import type { Account, Ledger, Thing } from '../ledger.js';
import { clamp, settings } from '../mapping.js';
import { cleanTags, type NameFor } from '../names.js';
import { alertConfigOf } from './alerts.js';
import { locationsOf } from './locations.js';
import { isMasked, type SupercheckMonitor } from './resources.js';

export interface Surroundings {
  readonly ledger: Ledger;
  readonly providers: ReadonlyMap<string, string>;
  readonly tests: ReadonlyMap<string, string>;
  readonly nameFor: NameFor;
}

export const IDS = [
  'id',
  'organizationId',
  'projectId',
  'createdByUserId',
  'scheduledJobId',
  'createdAt',
  'updatedAt',
  'status',
  'lastCheckAt',
  'lastStatusChangeAt',
  'recentResults',
];

const EVERY_CHECK = ['sslCheckFrequencyHours', 'sslLastCheckedAt', 'sslCheckOnStatusChange'];
/** Fields of its schema that no check of Supercheck reads, or not in a way that a setting says. */
const NO_SETTINGS: Readonly<Record<string, string>> = {
  checkExpiration: 'set config.enableSslCheck',
  daysUntilExpirationWarning: 'set config.sslDaysUntilExpirationWarning',
  checkRevocation: 'nothing: revocation is not checked',
  regions: 'name locations',
  alertChannels: 'name providers in alertConfig',
  retryStrategy: 'set config.retries and config.retryDelaySeconds',
};

export function monitorDraft(
  monitor: SupercheckMonitor,
  index: number,
  around: Surroundings,
): Draft | undefined {
  const type = monitor.type ?? '';
  if (!(type in monitorKinds)) {
    const why = `"${monitor.name ?? ''}" (${type}): Tocsin has no such kind of monitor`;
    around.ledger.at(['monitors']).left([index], why, 'watch it in another way');
    return undefined;
  }
  const name = around.nameFor(monitor.name ?? '', `${type} ${index + 1}`);
  const thing: Thing = { kind: 'monitor', name };
  const account = around.ledger.at(['monitors', index], thing);
  if (name === monitor.name) account.carried('name', 'name');
  else account.changed('name', 'name', 'a name stands for one thing');
  for (const field of ['type', 'enabled', 'description']) account.carried(field, field);
  account.changed('tags', 'tags', 'by their names');
  account.unneeded(IDS, 'not a setting');
  account.left('mutedUntil', 'a file says nothing of the moment', 'mute the monitor after apply');
  const isTargeted = type !== 'heartbeat' && type !== 'synthetic_test';
  if (isTargeted) account.carried('target', 'target');
  else if (type === 'synthetic_test') account.unneeded('target', 'the test says where it goes');
  else account.left('target', 'a heartbeat gets an address of its own', 'let its sender call that one');
  const tags = cleanTags((monitor.tags ?? []).flatMap((tag) => tag ?? []));
  const value = settings({
    name,
    type,
    target: isTargeted ? (monitor.target ?? '') : undefined,
    intervalSeconds: intervalOf(monitor, account),
    enabled: monitor.enabled ?? true,
    description: monitor.description === '' ? undefined : monitor.description,
    tags: tags.length === 0 ? undefined : tags,
    config: configOf(
      type as MonitorKind,
      monitor,
      around.ledger.at(['monitors', index, 'config'], thing),
      around.tests,
    ),
    ...locationsOf(monitor.config?.locationConfig, account),
    alertConfig: alertConfigOf(monitor.alertConfig, account, around.providers),
  });
  return { ...thing, value };
}

const MINUTES = 5;

function intervalOf({ type, frequencyMinutes, config }: SupercheckMonitor, account: Account): number {
  const expected = type === 'heartbeat' ? config?.expectedIntervalMinutes : undefined;
  const key = expected === undefined ? 'frequencyMinutes' : ['config', 'expectedIntervalMinutes'];
  const minutes = expected ?? frequencyMinutes ?? MINUTES;
  const seconds = clamp(Math.ceil(minutes * 60), 1, longestIntervalSeconds(type ?? ''));
  account.changed(key, 'intervalSeconds', `${minutes} minutes are ${seconds} seconds`);
  if (expected !== undefined) account.unneeded('frequencyMinutes', 'how often the deadline was looked at');
  return seconds;
}

function configOf(
  type: MonitorKind,
  { config }: SupercheckMonitor,
  inside: Account,
  tests: ReadonlyMap<string, string>,
): JsonObject {
  const known = new Set(Object.keys((monitorKinds[type].schema as z.ZodObject).shape));
  const made: JsonObject = {};
  for (const [field, given] of Object.entries(config ?? {})) {
    if (!known.has(field) || field === 'testId' || given === null || given === undefined) continue;
    carriedWhole(inside, field, given);
    made[field] = told(given as JsonValue);
  }
  inside.unneeded(EVERY_CHECK, 'every check looks at the certificate');
  inside.unneeded(['testTitle', 'heartbeatUrl', 'lastPingAt'], 'not a setting');
  for (const [field, todo] of Object.entries(NO_SETTINGS))
    inside.left(field, 'not a setting of a monitor', todo);
  if (type === 'synthetic_test') return { ...made, ...testOf(config, inside, tests) };
  // Supercheck's ping is a connection to port 443, then 80
  if (type === 'ping_host') return { ...made, method: 'tcp' };
  if (type !== 'heartbeat') return made;
  const graceSeconds = clamp(Math.ceil((config?.gracePeriodMinutes ?? 10) * 60), 0, LONGEST_GRACE_SECONDS);
  inside.changed('gracePeriodMinutes', 'config.graceSeconds', `${graceSeconds} seconds`);
  return { graceSeconds };
}

function testOf(
  config: SupercheckMonitor['config'],
  inside: Account,
  tests: ReadonlyMap<string, string>,
): JsonObject {
  inside.changed('testId', 'config.test', 'by its name');
  inside.changed(['playwrightOptions', 'retries'], 'config.retries', 'tries of a whole check');
  for (const option of ['timeout', 'headless'])
    inside.left(['playwrightOptions', option], 'set by Tocsin', 'see config.timeoutSeconds');
  const retries = config?.playwrightOptions?.retries;
  return settings({
    test: tests.get(config?.testId ?? '') ?? '',
    retries: retries === undefined ? undefined : clamp(Math.ceil(retries), 0, 5),
  });
}

/** Member by member, so that one that has to be told again does not speak for the others. */
function carriedWhole(inside: Account, field: string, value: unknown): void {
  const members = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (members.length === 0) inside.carried(field, `config.${field}`);
  for (const member of members) inside.carried([field, member], `config.${field}.${member}`);
}

/** What was masked has to be told again. */
function told(value: JsonValue): JsonValue {
  if (isMasked(value)) return UNTOLD;
  if (Array.isArray(value)) return value.map(told);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, told(item)]));
}
