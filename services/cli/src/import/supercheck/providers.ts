import { providerKinds } from '@tocsin/contracts';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';
import { type Draft, UNTOLD } from '../draft.js';
import type { Ledger, Thing } from '../ledger.js';
import { settings } from '../mapping.js';
import type { NameFor } from '../names.js';
import { IDS } from './monitors.js';
import { isMasked, type SupercheckProvider, type SupercheckVariable } from './resources.js';

type ProviderKind = keyof typeof providerKinds;

interface Surroundings {
  readonly ledger: Ledger;
  readonly nameFor: NameFor;
}

/** Without them a provider leads nowhere, and `supercheck pull` leaves them out. */
const NEEDED: Readonly<Record<ProviderKind, readonly string[]>> = {
  email: ['emails'],
  slack: ['webhookUrl'],
  webhook: ['url'],
  telegram: ['botToken', 'chatId'],
  discord: ['discordWebhookUrl'],
  teams: ['teamsWebhookUrl'],
};

/** The fields are the same; secrets are masked or left out, and have to be told again. */
export function providerDraft(
  provider: SupercheckProvider,
  index: number,
  around: Surroundings,
): Draft | undefined {
  const { ledger, nameFor } = around;
  const type = provider.type ?? '';
  if (!isKind(type)) {
    const why = `"${provider.name ?? ''}" (${type}): Tocsin has no such provider`;
    ledger.at(['notificationProviders']).left([index], why, 'use a webhook, or one that Tocsin has');
    return undefined;
  }
  const name = nameFor(provider.name ?? '', `${type} ${index + 1}`);
  const thing: Thing = { kind: 'provider', name };
  const account = ledger.at(['notificationProviders', index], thing);
  if (name === provider.name) account.carried('name', 'name');
  else account.changed('name', 'name', 'a name stands for one thing');
  for (const field of ['enabled', 'isEnabled']) account.carried(field, 'enabled');
  account.carried('type', 'type');
  account.unneeded([...IDS, 'lastUsed', 'maskedFields', 'isInUse'], 'not a setting');
  const inside = ledger.at(['notificationProviders', index, 'config'], thing);
  const known = new Set(Object.keys((providerKinds[type].schema as z.ZodObject).shape));
  const config: JsonObject = {};
  for (const [field, value] of Object.entries(provider.config ?? {})) {
    if (!known.has(field) || value === null || value === undefined) continue;
    const isHidden = isMasked(value) || (field === 'headers' && provider.maskedFields?.includes(field));
    inside.carried(field, `config.${field}`);
    if (field === 'headers' && isHidden === true)
      inside.left(field, 'the export does not tell them', 'set config.headers');
    else config[field] = isHidden === true ? UNTOLD : (value as JsonValue);
  }
  for (const field of NEEDED[type]) config[field] ??= UNTOLD;
  const enabled = provider.enabled ?? provider.isEnabled;
  return { ...thing, value: settings({ name, type, enabled, config }) };
}

const isKind = (type: string): type is ProviderKind => type in providerKinds;

export function variableDraft(
  variable: SupercheckVariable,
  index: number,
  ledger: Ledger,
): Draft | undefined {
  const { key: name = '', value, isSecret, description } = variable;
  if (variable.type === 'file') {
    const why = `"${name}": variables hold texts, not files`;
    ledger
      .at(['variables'])
      .left([index], why, 'put the text of the file into a variable, or into the script');
    return undefined;
  }
  const thing: Thing = { kind: 'variable', name };
  const account = ledger.at(['variables', index], thing);
  account.carried('key', 'name');
  account.carried('description', 'description');
  account.unneeded([...IDS, 'fileName', 'fileSize', 'mimeType'], 'not a setting');
  account.unneeded(['type', 'isSecret'], 'a secret has its value as its secret');
  const isTold = value !== undefined && value !== '' && !isMasked(value);
  account.carried('value', isSecret === true ? 'secret' : 'value');
  const fields = isSecret === true ? { secret: isTold ? value : UNTOLD } : { value: isTold ? value : UNTOLD };
  return {
    ...thing,
    value: settings({ name, ...fields, description: description === '' ? undefined : description }),
  };
}
