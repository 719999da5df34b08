import type { Role } from '@tocsin/http-api';
import {
  Activity,
  BellRing,
  CirclePlay,
  FlaskConical,
  History,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Send,
  Users,
  Variable,
  Webhook,
} from 'lucide-react';

export interface NavEntry {
  readonly to:
    | '/'
    | '/monitors'
    | '/jobs'
    | '/tests'
    | '/runs'
    | '/alerts'
    | '/providers'
    | '/settings/subscriptions'
    | '/settings/tokens'
    | '/settings/users'
    | '/settings/variables'
    | '/settings/audit';
  readonly label: string;
  readonly icon: LucideIcon;
  /** the letter after `g` */
  readonly key?: string;
  /** who may see it; default: everybody */
  readonly role?: Role;
}

export const NAV: readonly NavEntry[] = [
  { to: '/', label: 'Overview', icon: LayoutDashboard, key: 'o' },
  { to: '/alerts', label: 'Alerts', icon: BellRing, key: 'a' },
  { to: '/monitors', label: 'Monitors', icon: Activity, key: 'm' },
  { to: '/jobs', label: 'Jobs', icon: ListChecks, key: 'j' },
  { to: '/tests', label: 'Tests', icon: FlaskConical, key: 't' },
  { to: '/runs', label: 'Runs', icon: CirclePlay, key: 'r' },
  { to: '/providers', label: 'Providers', icon: Send, key: 'p' },
];

export const SETTINGS: readonly NavEntry[] = [
  { to: '/settings/variables', label: 'Variables', icon: Variable, key: 'v' },
  { to: '/settings/subscriptions', label: 'Subscriptions', icon: Webhook, key: 's' },
  { to: '/settings/tokens', label: 'API tokens', icon: KeyRound, key: 'k', role: 'admin' },
  { to: '/settings/users', label: 'Users', icon: Users, key: 'u', role: 'admin' },
  { to: '/settings/audit', label: 'Audit trail', icon: History, key: 'l', role: 'admin' },
];
