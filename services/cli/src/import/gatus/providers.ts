import type { JsonObject } from '@tocsin/kernel';
import type { Draft } from '../draft.js';
import type { Account, Ledger, Thing } from '../ledger.js';
import { createNames } from '../names.js';
import type { SourcePath } from '../source-path.js';
import { alertSchema, type GatusAlert } from './config.js';
import { CONFIGS } from './provider-configs.js';

interface Found {
  readonly name: string;
  readonly defaults: GatusAlert | undefined;
}

export interface Providers {
  readonly drafts: readonly Draft[];
  /** who is told of an endpoint in a group by alerts of a type */
  find(type: string, group: string | undefined): Found | undefined;
}

/** Gatus has one provider of each type, which may have other settings for a group: here those are more providers. */
export function providersOf(alerting: Readonly<Record<string, unknown>>, ledger: Ledger): Providers {
  const drafts: Draft[] = [];
  const found = new Map<string, Found>();
  const nameFor = createNames();
  for (const [type, value] of Object.entries(alerting)) {
    const place = ['alerting', type];
    const mapping = CONFIGS[type];
    if (mapping === undefined || !isObject(value)) {
      ledger
        .at(['alerting'])
        .left(type, `Tocsin has no such provider`, 'use a webhook, or one that Tocsin has');
      continue;
    }
    const defaults = alertSchema.safeParse(value['default-alert']).data;
    const add = (where: SourcePath, config: JsonObject, group: string | undefined) => {
      const thing: Thing = {
        kind: 'provider',
        name: nameFor(group === undefined ? type : `${type} ${group}`, type),
      };
      const account = ledger.at(where, thing);
      const made = mapping(config, account);
      account.left('client', 'providers have no settings of a client', 'nothing, unless it needs a proxy');
      account.unneeded('group', 'endpoints of the group name this provider');
      drafts.push({ ...thing, value: { name: thing.name, ...made } });
      found.set(`${type}/${group ?? ''}`, { name: thing.name, defaults });
    };
    const { overrides, ...own } = value;
    add(place, own as JsonObject, undefined);
    defaultsOf(ledger.at([...place, 'default-alert']));
    for (const [index, override] of (Array.isArray(overrides) ? overrides : []).entries())
      if (isObject(override))
        add([...place, 'overrides', index], { ...own, ...override } as JsonObject, String(override.group));
  }
  return {
    drafts,
    find: (type, group) => found.get(`${type}/${group ?? ''}`) ?? found.get(`${type}/`),
  };
}

function defaultsOf(account: Account): void {
  const why = 'it is in the alertConfig of every monitor that leaves it open';
  for (const key of ['enabled', 'failure-threshold', 'success-threshold', 'send-on-resolved', 'description'])
    account.changed(key, '', why);
  account.left('minimum-reminder-interval', 'an alert is told once', 'nothing; or an escalation');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
