import type { ProviderKind } from '@tocsin/notifying';
import type { ConfigSchema } from '../config-schema.js';
import { discordConfig } from './discord.js';
import { emailConfig } from './email.js';
import { slackConfig } from './slack.js';
import { teamsConfig } from './teams.js';
import { telegramConfig } from './telegram.js';
import { webhookConfig } from './webhook.js';

/** The settings of every provider kind, for whoever has to treat them alike. */
export const providerKinds: Readonly<Record<ProviderKind, ConfigSchema<unknown>>> = {
  email: emailConfig,
  slack: slackConfig,
  webhook: webhookConfig,
  telegram: telegramConfig,
  discord: discordConfig,
  teams: teamsConfig,
};

export { type DiscordConfig, discordConfig } from './discord.js';
export { type EmailConfig, emailConfig, emailList } from './email.js';
export { type SlackConfig, slackConfig } from './slack.js';
export { type TeamsConfig, teamsConfig } from './teams.js';
export { type TelegramConfig, telegramConfig } from './telegram.js';
export { RESERVED_HEADERS, type WebhookConfig, webhookConfig } from './webhook.js';
