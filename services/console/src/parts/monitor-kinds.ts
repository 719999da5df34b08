import type { MonitorKind } from '@tocsin/monitoring';
import {
  AppWindow,
  FlaskConical,
  Globe,
  HeartPulse,
  type LucideIcon,
  PlugZap,
  Radar,
  Waypoints,
} from 'lucide-react';

interface KindWords {
  readonly word: string;
  readonly icon: LucideIcon;
  /** what it is for, in one sentence */
  readonly about: string;
}

export const MONITOR_KIND_WORDS: Readonly<Record<MonitorKind, KindWords>> = {
  http_request: {
    word: 'HTTP request',
    icon: Globe,
    about: 'An address answers with the status, text or JSON you expect. For APIs and health checks.',
  },
  website: {
    word: 'Website',
    icon: AppWindow,
    about: 'A page answers, and its certificate is valid for long enough.',
  },
  ping_host: { word: 'Ping', icon: Radar, about: 'A host answers echo requests, or connections over TCP.' },
  port_check: { word: 'Port', icon: PlugZap, about: 'A TCP or UDP port is open, or stays closed.' },
  dns: { word: 'DNS', icon: Waypoints, about: 'A name resolves to the records you expect.' },
  heartbeat: {
    word: 'Heartbeat',
    icon: HeartPulse,
    about: 'Something of yours reports in time: a backup, a cron job, a worker.',
  },
  synthetic_test: {
    word: 'Synthetic test',
    icon: FlaskConical,
    about: 'One of your tests passes: a log-in in a browser, a sequence of requests.',
  },
};
