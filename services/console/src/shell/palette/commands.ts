import type { Role } from '@tocsin/http-api';
import { CircleUser, type LucideIcon, MailX, Plus } from 'lucide-react';
import { mayAs } from '../../session/session.js';
import { NAV, type NavEntry, SETTINGS } from '../nav-entries.js';

export interface Command {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly to:
    | NavEntry['to']
    | '/monitors/new'
    | '/jobs/new'
    | '/tests/new'
    | '/providers/new'
    | '/providers/dead-letters'
    | '/settings/account';
  readonly role?: Role;
}

const COMMANDS: readonly Command[] = [
  { label: 'New monitor', icon: Plus, to: '/monitors/new', role: 'editor' },
  { label: 'New job', icon: Plus, to: '/jobs/new', role: 'editor' },
  { label: 'New test', icon: Plus, to: '/tests/new', role: 'editor' },
  { label: 'New provider', icon: Plus, to: '/providers/new', role: 'editor' },
  ...NAV,
  { label: 'Dead letters', icon: MailX, to: '/providers/dead-letters' },
  ...SETTINGS,
  { label: 'Your account', icon: CircleUser, to: '/settings/account' },
];

/** What a person may go to and do. */
export const commandsFor = (role: Role | undefined): readonly Command[] =>
  COMMANDS.filter((command) => command.role === undefined || mayAs(role, command.role));
