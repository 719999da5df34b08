import type { ProviderKind } from '@tocsin/notifying';
import { Hash, type LucideIcon, Mail, MessageCircle, Send, UsersRound, Webhook } from 'lucide-react';

interface KindText {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly about: string;
}

/** What people call the kinds of providers. */
export const KIND_TEXTS: Readonly<Record<ProviderKind, KindText>> = {
  email: { label: 'E-mail', icon: Mail, about: 'Messages to one or more addresses' },
  slack: { label: 'Slack', icon: Hash, about: 'Messages in a channel of a workspace' },
  webhook: { label: 'Webhook', icon: Webhook, about: 'JSON to an address of yours, signed if you like' },
  telegram: { label: 'Telegram', icon: Send, about: 'Messages of a bot to a chat, group or channel' },
  discord: { label: 'Discord', icon: MessageCircle, about: 'Messages in a channel of a server' },
  teams: { label: 'Microsoft Teams', icon: UsersRound, about: 'Cards in a channel of a team' },
};

export const kindLabel = (kind: ProviderKind): string => KIND_TEXTS[kind].label;
