import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import { settings } from '../mapping.js';

interface Made {
  readonly [key: string]: JsonObject | string;
  readonly type: string;
  readonly config: JsonObject;
}

const textOf = (value: JsonObject[string] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

const NOTHING = 'nothing; a webhook provider has a template';
const looks = (account: Account, keys: readonly string[]) => {
  for (const key of keys) account.left(key, 'messages look as Tocsin makes them', NOTHING);
};

/** The providers of Gatus that have a counterpart. */
export const CONFIGS: Readonly<Record<string, (config: JsonObject, account: Account) => Made>> = {
  slack: (config, account) => byAddress('slack', 'webhookUrl', config, account),
  discord: (config, account) => byAddress('discord', 'discordWebhookUrl', config, account),
  teams: (config, account) => byAddress('teams', 'teamsWebhookUrl', config, account),
  'teams-workflows': (config, account) => byAddress('teams', 'teamsWebhookUrl', config, account),
  telegram,
  email,
  custom,
};

function byAddress(type: string, field: string, config: JsonObject, account: Account): Made {
  account.carried('webhook-url', `config.${field}`);
  looks(account, ['title', 'message-content']);
  return { type, config: settings({ [field]: textOf(config['webhook-url']) }) };
}

function telegram(config: JsonObject, account: Account): Made {
  account.carried('token', 'config.botToken');
  account.carried('id', 'config.chatId');
  account.carried('api-url', 'config.apiBaseUrl');
  account.left('topic-id', 'topics of a group are not addressed', 'use a chat of its own');
  const apiBaseUrl = textOf(config['api-url']);
  return {
    type: 'telegram',
    config: settings({ botToken: textOf(config.token), chatId: textOf(config.id), apiBaseUrl }),
  };
}

function email(config: JsonObject, account: Account): Made {
  account.carried('to', 'config.emails');
  for (const [key, field] of [
    ['host', 'host'],
    ['port', 'port'],
    ['password', 'password'],
    ['from', 'from'],
  ] as const)
    account.carried(key, `config.smtp.${field}`);
  account.carried('username', 'config.smtp.user');
  const port = Number(config.port ?? 587);
  const smtp = {
    host: textOf(config.host) ?? '',
    port,
    secure: port === 465,
    user: textOf(config.username) ?? textOf(config.from) ?? '',
    password: textOf(config.password) ?? '',
    from: textOf(config.from) ?? '',
  };
  return { type: 'email', config: { emails: textOf(config.to) ?? '', smtp } };
}

/** Its placeholders are those of Gatus: what the receiver reads has to be looked at anyway. */
function custom(config: JsonObject, account: Account): Made {
  account.carried('url', 'config.url');
  account.carried('method', 'config.method');
  account.carried('headers', 'config.headers');
  const todo = 'let the receiver read the body of Tocsin, or write a bodyTemplate';
  account.left('body', 'its placeholders are those of Gatus', todo);
  account.left('placeholders', 'they belong to the body', todo);
  const { headers, method } = config;
  return {
    type: 'webhook',
    config: settings({ url: textOf(config.url), method: textOf(method), headers }),
  };
}
