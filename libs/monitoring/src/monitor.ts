import type { Instant } from '@tocsin/kernel';

export const MONITOR_KINDS = [
  'http_request',
  'website',
  'ping_host',
  'port_check',
  'dns',
  'heartbeat',
  'synthetic_test',
] as const;
export type MonitorKind = (typeof MONITOR_KINDS)[number];

const SECONDS_A_DAY = 86_400;
/** How far apart heartbeats may be, and thereby any interval. */
export const LONGEST_HEARTBEAT_SECONDS = 31 * SECONDS_A_DAY;

/** A heartbeat may come once a month, as the job does that sends it; what is gone and looked at is so every day. */
export const longestIntervalSeconds = (kind: string): number =>
  kind === 'heartbeat' ? LONGEST_HEARTBEAT_SECONDS : SECONDS_A_DAY;

export const QUORUM_STRATEGIES = ['any', 'majority', 'all'] as const;
/** How many failing locations make the monitor down: a named strategy or a count. */
export type Quorum = (typeof QUORUM_STRATEGIES)[number] | number;

/** What a service must know of a monitor; alert settings ride along but belong to alerting. */
export interface MonitorSettings {
  readonly name: string;
  readonly type: MonitorKind;
  /** what is watched: a URL, host, name; empty for heartbeats */
  readonly target: string;
  readonly intervalSeconds: number;
  readonly enabled: boolean;
  /** when it last became enabled: the slot of its first check */
  readonly enabledAt: Instant;
  readonly locations: readonly string[];
  readonly quorum: Quorum;
  readonly config: Readonly<Record<string, unknown>>;
}
