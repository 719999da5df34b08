import type { ProviderKind } from '@tocsin/notifying';

interface Help {
  readonly title: string;
  readonly steps: readonly string[];
  readonly more?: { readonly text: string; readonly href: string };
}

/** Where to get what a kind of provider needs. */
export const PROVIDER_HELP: Readonly<Record<ProviderKind, Help>> = {
  email: {
    title: 'What you need',
    steps: [
      'Nothing but the addresses, when whoever installed Tocsin gave it a mail server (SMTP_HOST).',
      'Otherwise, or to send as somebody else, the host, port, user and password of a mail server.',
    ],
  },
  slack: {
    title: 'Where to get the webhook URL',
    steps: [
      'Open your apps at api.slack.com/apps, then Create New App, From scratch, and choose the workspace.',
      'Under Incoming Webhooks switch them on, then Add New Webhook to Workspace and choose the channel.',
      'Copy the Webhook URL. It begins with https://hooks.slack.com/services/.',
    ],
    more: { text: 'Slack about incoming webhooks', href: 'https://api.slack.com/messaging/webhooks' },
  },
  webhook: {
    title: 'What Tocsin sends',
    steps: [
      'One request per alert event, with a JSON body: what happened, to which monitor or job, since when and why.',
      'Answer with any 2xx. Anything else, or no answer, is tried again for hours; a repeat has the same webhook-id header.',
      'With a signing secret every request is signed as the Standard Webhooks specification says.',
    ],
    more: { text: 'Standard Webhooks: how to verify', href: 'https://www.standardwebhooks.com' },
  },
  telegram: {
    title: 'Where to get token and chat',
    steps: [
      'In Telegram, write /newbot to @BotFather, answer its questions and copy the token it gives you.',
      'Send your bot any message, or add it to the group or, as an administrator, to the channel.',
      'The chat is @name for a public channel; otherwise open api.telegram.org/bot<token>/getUpdates and copy the number at chat, id. Groups have negative ones.',
    ],
    more: { text: 'Telegram about bots', href: 'https://core.telegram.org/bots/tutorial' },
  },
  discord: {
    title: 'Where to get the webhook URL',
    steps: [
      'In Discord, open the settings of the channel (you need Manage Webhooks), then Integrations, Webhooks.',
      'New Webhook, give it a name, then Copy Webhook URL.',
      'It begins with https://discord.com/api/webhooks/.',
    ],
    more: {
      text: 'Discord about webhooks',
      href: 'https://support.discord.com/hc/en-us/articles/228383668-Intro-to-Webhooks',
    },
  },
  teams: {
    title: 'Where to get the webhook URL',
    steps: [
      'In Teams, open the ⋯ menu of the channel, then Workflows.',
      'Choose “Post to a channel when a webhook request is received”, and go through its steps.',
      'Copy the URL it shows at the end.',
    ],
    more: {
      text: 'Microsoft about webhooks with Workflows',
      href: 'https://support.microsoft.com/office/8ae491c7-0394-4861-ba59-055e33f75498',
    },
  },
};
