import type { Instant } from '@tocsin/kernel';

export const STATUSES = ['pending', 'up', 'down', 'degraded', 'paused', 'maintenance', 'unknown'] as const;
/** What a monitor or job is now. */
export type Status = (typeof STATUSES)[number];

export type TargetKind = 'monitor' | 'job';

export interface StatusChanged {
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly project: string;
  readonly from: Status;
  readonly to: Status;
  readonly reason: string;
  readonly changedAt: Instant;
  /** the slot of the result that caused it; absent when a configuration did */
  readonly slot?: Instant | undefined;
}
