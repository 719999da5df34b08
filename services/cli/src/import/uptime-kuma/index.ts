import { CommandError } from '../../errors.js';
import type { Draft } from '../draft.js';
import type { Importer } from '../importer.js';
import { parsedJson } from '../json-text.js';
import { createLedger, type Ledger, type Thing } from '../ledger.js';
import { createNames } from '../names.js';
import { backupSchema, type KumaMonitor, type KumaNotification } from './backup.js';
import { monitorDraft } from './monitors.js';
import { PROVIDERS } from './providers.js';

export const uptimeKuma: Importer = {
  name: 'uptime-kuma',
  title: 'Uptime Kuma',
  files: 'the JSON backup of version 1, or the kuma.db of version 1 or 2',

  recognise(content) {
    const { monitorList, notificationList, ...others } = (content ?? {}) as Record<string, unknown>;
    if (!Array.isArray(monitorList))
      throw new CommandError('this is no backup of Uptime Kuma: it has no monitorList');
    const notifications = Array.isArray(notificationList) ? notificationList.map(withParsedConfig) : [];
    return { ...others, notificationList: notifications, monitorList };
  },

  map(source) {
    const ledger = createLedger(source);
    const backup = backupSchema.parse(source);
    const { drafts: providers, names } = providerDrafts(backup.notificationList ?? [], ledger);
    const monitors = backup.monitorList ?? [];
    const groups = groupsOf(monitors, ledger);
    const nameFor = createNames();
    const around = { ledger, groups, providers: names, nameFor };
    const drafts = monitors.map((monitor, index) =>
      monitor === undefined || monitor.type === 'group' ? undefined : monitorDraft(monitor, index, around),
    );
    const rest = ledger.at([]);
    rest.unneeded('version', 'of Uptime Kuma');
    rest.left(
      'proxyList',
      'checks go straight to their target',
      'run an executor where targets can be reached',
    );
    rest.left('otherTables', 'these tables were not read', 'make tokens of the api for what used API keys');
    rest.left('dockerHostList', 'containers are not watched', 'let them send heartbeats');
    rest.left(
      'maintenanceList',
      'no file says when maintenance is',
      'make silences in the console or the api',
    );
    rest.left('statusPageList', 'there are no public status pages', 'use the console or build on the api');
    return { drafts: [...providers, ...drafts.filter((draft) => draft !== undefined)], ledger };
  },
};

/** What is in it is JSON as text. */
function withParsedConfig(notification: unknown): unknown {
  const { config } = (notification ?? {}) as { config?: unknown };
  if (typeof config !== 'string') return notification;
  return { ...(notification as object), config: parsedJson(config) ?? config };
}

function providerDrafts(list: readonly (KumaNotification | undefined)[], ledger: Ledger) {
  const drafts: Draft[] = [];
  const names = new Map<string, string>();
  const nameFor = createNames();
  for (const [index, notification] of list.entries()) {
    const config = notification?.config ?? {};
    const type = typeof config.type === 'string' ? config.type : '';
    const mapping = PROVIDERS[type];
    const called = notification?.name ?? '';
    if (mapping === undefined) {
      const why = `"${called}" (${type}): Tocsin has no such provider`;
      ledger.at(['notificationList']).left([index], why, 'use a webhook, or one that Tocsin has');
      continue;
    }
    const name = nameFor(called, `${type} ${index + 1}`);
    const thing: Thing = { kind: 'provider', name };
    const account = ledger.at(['notificationList', index], thing);
    if (name === notification?.name) account.carried('name', 'name');
    else account.changed('name', 'name', 'a name stands for one thing');
    account.carried('active', 'enabled');
    account.unneeded(['id', 'userId', 'user_id'], 'not a setting');
    account.unneeded(['isDefault', 'is_default'], 'new monitors name their providers themselves');
    const inside = ledger.at(['notificationList', index, 'config'], thing);
    inside.unneeded(['name', 'isDefault', 'applyExisting', 'id', 'active', 'userId'], 'said outside');
    const made = mapping(config, inside);
    if (made.type === type) inside.carried('type', 'type');
    else inside.changed('type', 'type', `${type} is ${made.type}`);
    drafts.push({
      ...thing,
      value: { name, type: made.type, enabled: notification?.active !== false, config: made.config },
    });
    names.set(String(notification?.id), name);
  }
  return { drafts, names };
}

/** A group is no thing of its own: its members have its name as a tag, with those of the groups around it. */
function groupsOf(monitors: readonly (KumaMonitor | undefined)[], ledger: Ledger): Map<number, string> {
  const byId = new Map(monitors.map((monitor) => [monitor?.id, monitor]));
  const pathOf = (monitor: KumaMonitor, depth = 0): string => {
    const parent = byId.get(monitor.parent);
    const name = monitor.name ?? '';
    return parent === undefined || depth > 10 ? name : `${pathOf(parent, depth + 1)} / ${name}`;
  };
  const groups = new Map<number, string>();
  for (const [index, monitor] of monitors.entries()) {
    if (monitor?.type !== 'group' || monitor.id === undefined) continue;
    groups.set(monitor.id, pathOf(monitor));
    const account = ledger.at(['monitorList', index]);
    account.changed('name', '', 'the group is a tag of its members');
    const todo = 'name these providers in the alertConfig of its members';
    account.left('notificationIDList', 'a group has no alerts of its own', todo);
    account.others(() => true, 'the group is a tag of its members');
  }
  return groups;
}
