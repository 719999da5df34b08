import type { JsonObject } from '@tocsin/kernel';
import { jsonObject } from '../json-text.js';
import type { Account } from '../ledger.js';
import { settings } from '../mapping.js';

interface Provider {
  readonly type: string;
  readonly config: JsonObject;
}

type Config = Readonly<Record<string, unknown>>;
type Mapping = (config: Config, account: Account) => Provider;

/** The types of notifications that have a counterpart; the account is of their settings. */
export const PROVIDERS: Readonly<Record<string, Mapping>> = {
  slack,
  discord,
  telegram,
  teams,
  smtp,
  webhook,
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

const LOOKS = 'messages look as Tocsin makes them';
const looks = (account: Account, keys: readonly string[]) => {
  for (const key of keys) account.left(key, LOOKS, 'nothing; a webhook provider has a template');
};

function slack(config: Config, account: Account): Provider {
  account.carried('slackwebhookURL', 'config.webhookUrl');
  account.carried('slackchannel', 'config.channel');
  looks(account, [
    'slackusername',
    'slackiconemo',
    'slackrichmessage',
    'slackbutton',
    'slackchannelnotify',
    'slackIncludeGroupName',
    'slackUseTemplate',
    'slackTemplate',
  ]);
  const webhookUrl = textOf(config.slackwebhookURL);
  return { type: 'slack', config: settings({ webhookUrl, channel: textOf(config.slackchannel) }) };
}

function discord(config: Config, account: Account): Provider {
  const url = textOf(config.discordWebhookUrl);
  const thread = textOf(config.threadId);
  const parsed = thread === undefined || url === undefined ? null : URL.parse(url);
  if (parsed === null) account.carried('discordWebhookUrl', 'config.discordWebhookUrl');
  else {
    parsed.searchParams.set('thread_id', thread as string);
    account.changed('discordWebhookUrl', 'config.discordWebhookUrl', 'with the thread in it');
    account.changed('threadId', 'config.discordWebhookUrl', 'thread_id of the address');
  }
  looks(account, [
    'discordUsername',
    'discordPrefixMessage',
    'discordMessageFormat',
    'discordUseMessageTemplate',
    'discordMessageTemplate',
    'disableUrl',
    'discordSuppressNotifications',
  ]);
  const todo = 'make a thread and put its thread_id into the address';
  account.left('postName', 'a new thread for every message is not made', todo);
  return { type: 'discord', config: settings({ discordWebhookUrl: parsed?.href ?? url }) };
}

function telegram(config: Config, account: Account): Provider {
  account.carried('telegramBotToken', 'config.botToken');
  account.carried('telegramChatID', 'config.chatId');
  account.carried('telegramServerUrl', 'config.apiBaseUrl');
  account.left('telegramMessageThreadID', 'topics of a group are not addressed', 'use a chat of its own');
  looks(account, [
    'telegramSendSilently',
    'telegramProtectContent',
    'telegramUseTemplate',
    'telegramTemplate',
    'telegramTemplateParseMode',
  ]);
  const apiBaseUrl = textOf(config.telegramServerUrl);
  return {
    type: 'telegram',
    config: settings({
      botToken: textOf(config.telegramBotToken),
      chatId: textOf(config.telegramChatID),
      apiBaseUrl,
    }),
  };
}

function teams(config: Config, account: Account): Provider {
  account.carried('webhookUrl', 'config.teamsWebhookUrl');
  looks(account, ['teamsEnableTags']);
  return { type: 'teams', config: settings({ teamsWebhookUrl: textOf(config.webhookUrl) }) };
}

function smtp(config: Config, account: Account): Provider {
  const [to, cc, bcc] = ['smtpTo', 'smtpCC', 'smtpBCC'].map((key) => textOf(config[key]));
  if (cc === undefined && bcc === undefined) account.carried('smtpTo', 'config.emails');
  else account.changed('smtpTo', 'config.emails', 'with those who had a copy');
  for (const key of ['smtpCC', 'smtpBCC'])
    account.changed(key, 'config.emails', 'a recipient like the others');
  for (const [key, field] of Object.entries(SMTP_FIELDS)) account.carried(key, `config.smtp.${field}`);
  const given = textOf(config.smtpFrom) ?? '';
  const from = given.replace(/^"([^"]*)"(?=\s*<)/, '$1');
  if (from === given) account.carried('smtpFrom', 'config.smtp.from');
  else account.changed('smtpFrom', 'config.smtp.from', 'without the quotes around the name');
  looks(account, ['customSubject', 'customBody', 'htmlBody']);
  for (const key of ['smtpIgnoreTLSError', 'smtpIgnoreSTARTTLS'])
    account.left(key, 'the certificate of a mail server is verified', 'give it one that is valid');
  const smtpConfig = {
    host: textOf(config.smtpHost) ?? '',
    port: Number(config.smtpPort ?? 587),
    secure: config.smtpSecure === true,
    user: textOf(config.smtpUsername) ?? '',
    password: textOf(config.smtpPassword) ?? '',
    from,
  };
  const emails = [to, cc, bcc].filter((list) => list !== undefined).join(',');
  return { type: 'email', config: { emails, smtp: smtpConfig } };
}

const SMTP_FIELDS = {
  smtpHost: 'host',
  smtpPort: 'port',
  smtpSecure: 'secure',
  smtpUsername: 'user',
  smtpPassword: 'password',
} as const;

function webhook(config: Config, account: Account): Provider {
  account.carried('webhookURL', 'config.url');
  const method = textOf(config.httpMethod)?.toUpperCase();
  if (method === config.httpMethod) account.carried('httpMethod', 'config.method');
  else account.changed('httpMethod', 'config.method', 'in capitals');
  const given = jsonObject(textOf(config.webhookAdditionalHeaders) ?? '');
  if (given === undefined)
    account.left('webhookAdditionalHeaders', 'not a JSON object of texts', 'set config.headers');
  else account.carried('webhookAdditionalHeaders', 'config.headers');
  const todo = 'let the receiver read the new body, or write a bodyTemplate (docs of the webhook provider)';
  account.left('webhookContentType', 'the body is another: that of Tocsin, in JSON', todo);
  account.left('webhookCustomBody', 'its Liquid template is not read', todo);
  const headers = given === undefined || Object.keys(given).length === 0 ? undefined : given;
  return { type: 'webhook', config: settings({ url: textOf(config.webhookURL), method, headers }) };
}
