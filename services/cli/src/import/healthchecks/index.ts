import type { JsonObject } from '@tocsin/kernel';
import { CommandError } from '../../errors.js';
import { type Draft, UNTOLD } from '../draft.js';
import type { Importer } from '../importer.js';
import { type Account, createLedger, type Ledger, type Thing } from '../ledger.js';
import { settings } from '../mapping.js';
import { cleanTags, createNames, type NameFor } from '../names.js';
import { exportSchema, type HealthchecksCheck } from './export.js';
import { longestGap, type Period, periodOf } from './period.js';

export const healthchecks: Importer = {
  name: 'healthchecks',
  title: 'Healthchecks',
  files: 'the answers of /api/v3/checks/ and /api/v3/channels/, in one file or two',

  recognise(content) {
    const { checks, channels, ...others } = (content ?? {}) as Record<string, unknown>;
    if (!Array.isArray(checks) && !Array.isArray(channels))
      throw new CommandError('this is no export of Healthchecks: it has neither checks nor channels');
    return {
      ...others,
      ...(checks === undefined ? {} : { checks }),
      ...(channels === undefined ? {} : { channels }),
    };
  },

  map(source) {
    const ledger = createLedger(source);
    const { checks = [], channels = [] } = exportSchema.parse(source);
    const { drafts, names } = channelDrafts(channels, ledger);
    const around = { ledger, names, nameFor: createNames(), gapOf: rememberedGaps() };
    for (const [index, check] of checks.entries()) {
      if (check === undefined) continue;
      const draft = checkDraft(check, index, around);
      if (draft !== undefined) drafts.push(draft);
    }
    return { drafts, ledger };
  },
};

/** What the api of Healthchecks tells of a channel is its name and kind: where it leads has to be given again. */
const UNTOLD_CONFIGS: Readonly<Record<string, { type: string; config: JsonObject }>> = {
  slack: { type: 'slack', config: { webhookUrl: UNTOLD } },
  discord: { type: 'discord', config: { discordWebhookUrl: UNTOLD } },
  msteams: { type: 'teams', config: { teamsWebhookUrl: UNTOLD } },
  msteamsw: { type: 'teams', config: { teamsWebhookUrl: UNTOLD } },
  webhook: { type: 'webhook', config: { url: UNTOLD } },
  telegram: { type: 'telegram', config: { botToken: UNTOLD, chatId: UNTOLD } },
  email: { type: 'email', config: { emails: UNTOLD } },
};

type Channels = NonNullable<ReturnType<typeof exportSchema.parse>['channels']>;

function channelDrafts(channels: Channels, ledger: Ledger) {
  const drafts: Draft[] = [];
  const names = new Map<string, string>();
  const nameFor = createNames();
  for (const [index, channel] of channels.entries()) {
    const { id = '', kind = '', name: given = '' } = channel ?? {};
    const counterpart = UNTOLD_CONFIGS[kind];
    if (counterpart === undefined) {
      const why = `"${given}" (${kind}): Tocsin has no such provider`;
      ledger.at(['channels']).left([index], why, 'use a webhook, or one that Tocsin has');
      continue;
    }
    const name = nameFor(given, `${kind} ${id.slice(0, 8) || index + 1}`);
    const thing: Thing = { kind: 'provider', name };
    const account = ledger.at(['channels', index], thing);
    if (name === given) account.carried('name', 'name');
    else account.changed('name', 'name', 'it had none of its own');
    if (kind === counterpart.type) account.carried('kind', 'type');
    else account.changed('kind', 'type', `${kind} is ${counterpart.type}`);
    account.changed('id', '', 'checks name the provider');
    drafts.push({ ...thing, value: { name, ...counterpart } });
    names.set(id, name);
  }
  return { drafts, names };
}

interface Surroundings {
  readonly ledger: Ledger;
  readonly names: ReadonlyMap<string, string>;
  readonly gapOf: (cron: string, timeZone: string) => number | undefined;
  readonly nameFor: NameFor;
}

const SHOWN = [
  'slug',
  'n_pings',
  'started',
  'last_ping',
  'next_ping',
  'badge_url',
  'last_duration',
  'unique_key',
];
const ADDRESSES = ['uuid', 'update_url', 'pause_url', 'resume_url'];

function checkDraft(check: HealthchecksCheck, index: number, around: Surroundings): Draft | undefined {
  const called = check.name ?? check.slug ?? '';
  const name = around.nameFor(called, `check ${index + 1}`);
  const thing: Thing = { kind: 'monitor', name };
  const account = around.ledger.at(['checks', index], thing);
  const period = periodFor(check, account, around);
  if (period === undefined) {
    const rest = around.ledger.at(['checks']);
    const isRead =
      check.schedule === undefined || around.gapOf(check.schedule, check.tz ?? 'UTC') !== undefined;
    const why = isRead
      ? 'heartbeats are 31 days apart at most, with 7 days of grace'
      : 'its schedule is no cron expression';
    rest.left([index], `"${called}": ${why}`, 'make it a job and report its runs, or let it send more often');
    return undefined;
  }
  if (name === check.name) account.carried('name', 'name');
  else account.changed('name', 'name', 'a name stands for one thing');
  account.carried('desc', 'description');
  account.changed('tags', 'tags', 'split at the blanks');
  if (check.status === 'paused') account.changed('status', 'enabled', 'it is paused, so it is switched off');
  else account.unneeded('status', 'not a setting');
  account.unneeded(SHOWN, 'a statistic, or where it is shown');
  account.unneeded(ADDRESSES, 'an address within Healthchecks');
  const todo = 'after apply, let the job call the address of the heartbeat instead (tocsin monitors show)';
  account.left('ping_url', 'a heartbeat gets an address of its own', todo);
  filtersOf(account);
  const tags = cleanTags((check.tags ?? '').split(/\s+/));
  const value = settings({
    name,
    type: 'heartbeat',
    intervalSeconds: period.intervalSeconds,
    enabled: check.status !== 'paused',
    description: check.desc === '' ? undefined : check.desc,
    tags: tags.length === 0 ? undefined : tags,
    config: { graceSeconds: period.graceSeconds },
    alertConfig: alertsOf(check, account, around.names),
  });
  return { ...thing, value };
}

/** Many checks have the same schedule, and to go through one takes a while. */
function rememberedGaps(): Surroundings['gapOf'] {
  const gaps = new Map<string, number | undefined>();
  return (cron, timeZone) => {
    const key = `${timeZone} ${cron}`;
    if (!gaps.has(key)) gaps.set(key, longestGap(cron, timeZone));
    return gaps.get(key);
  };
}

function periodFor(check: HealthchecksCheck, account: Account, { gapOf }: Surroundings): Period | undefined {
  const { schedule, tz = 'UTC', timeout, grace = 3_600 } = check;
  const every = schedule === undefined ? (timeout ?? PERIOD_BY_DEFAULT_SECONDS) : gapOf(schedule, tz);
  const period = every === undefined ? undefined : periodOf(every, grace);
  if (period === undefined) return undefined;
  const { intervalSeconds, graceSeconds } = period;
  if (schedule !== undefined) {
    const how = `the longest time between two slots is ${every} seconds: a slot missed within a shorter one shows later`;
    account.changed('schedule', 'intervalSeconds', how);
    account.changed('tz', 'intervalSeconds', 'read with the schedule');
  } else if (intervalSeconds === timeout) account.carried('timeout', 'intervalSeconds');
  else account.changed('timeout', 'intervalSeconds', 'what is beyond 31 days is in the grace');
  if (graceSeconds === grace) account.carried('grace', 'config.graceSeconds');
  else
    account.changed('grace', 'config.graceSeconds', `with what is beyond 31 days, ${graceSeconds} seconds`);
  return period;
}

const PERIOD_BY_DEFAULT_SECONDS = 86_400;

/** What of a ping's content decides whether it is a success. */
function filtersOf(account: Account): void {
  const why = 'what a ping contains does not decide what it is';
  const todo = 'call the address of the heartbeat for a success and …/fail for a failure';
  const filters = ['filter_subject', 'filter_body', 'filter_http_body', 'filter_default_fail'];
  const keywords = ['start_kw', 'success_kw', 'failure_kw', 'subject', 'subject_fail'];
  for (const key of [...filters, ...keywords]) account.left(key, why, todo);
  account.left('methods', 'GET and POST both count', 'nothing, unless something GETs the address unasked');
  account.left('manual_resume', 'a heartbeat counts again from the next one on', 'nothing');
}

function alertsOf(
  { channels }: HealthchecksCheck,
  account: Account,
  names: ReadonlyMap<string, string>,
): JsonObject | undefined {
  const ids = (channels ?? '').split(',').filter((id) => id !== '');
  const known = [...new Set(ids.flatMap((id) => names.get(id) ?? []))].slice(0, 10);
  if (known.length === ids.length)
    account.changed('channels', 'alertConfig.notificationProviders', 'by their names');
  else
    account.left(
      'channels',
      `${known.length} of ${ids.length} channels were carried over`,
      'name other providers in alertConfig; were the channels exported too?',
    );
  return known.length === 0 ? undefined : { enabled: true, notificationProviders: known };
}
