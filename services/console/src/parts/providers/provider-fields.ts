import type { ProviderKind } from '@tocsin/notifying';

/** One setting of a kind, as it is asked for; what is allowed in it is said by the schema of the kind. */
export interface ProviderField {
  /** place in the settings: `smtp.host` */
  readonly path: string;
  readonly label: string;
  /** `secret`: never shown again; `headers`: names with secret values */
  readonly input: 'text' | 'secret' | 'number' | 'switch' | 'choice' | 'headers' | 'template' | 'signing';
  readonly needed?: boolean;
  readonly help?: string;
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  /** what it is when nothing was said */
  readonly usual?: string | boolean;
}

/** Settings that are there as a whole or not at all. */
export const OWN_SERVER = 'smtp';

export const PROVIDER_FIELDS: Readonly<Record<ProviderKind, readonly ProviderField[]>> = {
  email: [
    {
      path: 'emails',
      label: 'Addresses',
      input: 'text',
      needed: true,
      help: 'Separated by commas',
      placeholder: 'ann@example.com, bob@example.com',
    },
    { path: 'smtp.host', label: 'Host', input: 'text', needed: true, placeholder: 'mail.example.com' },
    { path: 'smtp.port', label: 'Port', input: 'number', needed: true, usual: '587' },
    {
      path: 'smtp.secure',
      label: 'TLS from the first byte',
      input: 'switch',
      help: 'Usual on port 465. Otherwise STARTTLS is used where the server offers it.',
      usual: false,
    },
    { path: 'smtp.user', label: 'User', input: 'text', help: 'Empty: no signing in' },
    { path: 'smtp.password', label: 'Password', input: 'secret' },
    {
      path: 'smtp.from',
      label: 'Sender',
      input: 'text',
      needed: true,
      placeholder: 'Tocsin <alerts@example.com>',
    },
  ],
  slack: [
    {
      path: 'webhookUrl',
      label: 'Webhook URL',
      input: 'secret',
      needed: true,
      placeholder: 'https://hooks.slack.com/services/…',
    },
    {
      path: 'channel',
      label: 'Channel',
      input: 'text',
      help: 'For people to read here: the webhook posts to the channel it was made for',
      placeholder: '#alerts',
    },
  ],
  webhook: [
    {
      path: 'url',
      label: 'URL',
      input: 'secret',
      needed: true,
      placeholder: 'https://example.com/hooks/tocsin',
    },
    { path: 'method', label: 'Method', input: 'choice', choices: ['POST', 'PUT', 'GET'], usual: 'POST' },
    { path: 'headers', label: 'Headers', input: 'headers', help: 'Sent with every request' },
    {
      path: 'bodyTemplate',
      label: 'Body',
      input: 'template',
      help: 'JSON instead of the standard body. Empty: the standard body.',
      placeholder: '{"text": "{{title}}: {{message}}"}',
    },
    {
      path: 'signingSecret',
      label: 'Signing secret',
      input: 'signing',
      help: 'Signs each request, so that you know that it comes from here. Empty: not signed.',
      placeholder: 'whsec_…',
    },
  ],
  telegram: [
    {
      path: 'botToken',
      label: 'Token of the bot',
      input: 'secret',
      needed: true,
      placeholder: '123456:ABC-def',
    },
    {
      path: 'chatId',
      label: 'Chat',
      input: 'text',
      needed: true,
      help: 'A number, negative for groups, or @channelname',
      placeholder: '-1001234567890',
    },
    {
      path: 'apiBaseUrl',
      label: 'Address of the Bot API',
      input: 'text',
      help: 'Only for a Bot API server of your own',
      placeholder: 'https://api.telegram.org',
    },
  ],
  discord: [
    {
      path: 'discordWebhookUrl',
      label: 'Webhook URL',
      input: 'secret',
      needed: true,
      placeholder: 'https://discord.com/api/webhooks/…',
    },
  ],
  teams: [
    {
      path: 'teamsWebhookUrl',
      label: 'Webhook URL',
      input: 'secret',
      needed: true,
      placeholder: 'https://….logic.azure.com/workflows/…',
    },
  ],
};
