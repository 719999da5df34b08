import type { ProviderKind } from '@tocsin/notifying';
import { discord } from './discord/discord.js';
import { email } from './email/email.js';
import type { Provider } from './provider.js';
import { slack } from './slack/slack.js';
import { teams } from './teams/teams.js';
import { telegram } from './telegram/telegram.js';
import { webhook } from './webhook/webhook.js';

/** Every way to reach people; a new one is a folder and a line here. */
export const providers: Readonly<Record<ProviderKind, Provider>> = {
  email,
  slack,
  webhook,
  telegram,
  discord,
  teams,
};

export type { Provider, SendContext, SendOutcome, SmtpDefaults } from './provider.js';
