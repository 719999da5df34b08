import type { Instant, Shard } from '@tocsin/kernel';
import type { HeartbeatCadence, HeartbeatState } from '@tocsin/monitoring';

/** When heartbeats of a monitor are expected, and the next one by. */
export interface ExpectedHeartbeat extends HeartbeatState {
  readonly graceSeconds: number;
}

/** What the scheduler knows of a monitor: all that is due of it can be told from this alone. */
export interface MonitorSchedule {
  readonly monitorId: string;
  readonly shard: Shard;
  readonly project: string;
  readonly kind: string;
  readonly name: string;
  readonly target: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secretVersion?: number | undefined;
  readonly locations: readonly string[];
  readonly intervalSeconds: number;
  readonly enabled: boolean;
  /** the slot of the first check since it was enabled */
  readonly enabledAt: Instant;
  readonly deleted: boolean;
  readonly revision: number;
  /** heartbeat monitors only: nobody checks them, they report */
  readonly heartbeat?: ExpectedHeartbeat | undefined;
}

export const isActive = ({ enabled, deleted }: MonitorSchedule): boolean => enabled && !deleted;

export const cadenceOf = (
  { intervalSeconds }: MonitorSchedule,
  { graceSeconds }: ExpectedHeartbeat,
): HeartbeatCadence => ({ intervalSeconds, graceSeconds });
