import type { Instant } from '@tocsin/kernel';
import { type Breaker, CLOSED_BREAKER, type Incident, type Standing } from '@tocsin/notifying';
import type { NotificationRow, ProviderRow } from '../planning/plan-batch.js';
import type { SendOutcome } from '../providers/index.js';

/** What is held against a destination, or not. */
export interface Health {
  readonly disabledReason: string | undefined;
  readonly disabledAt: Instant | undefined;
  readonly lastUsedAt: Instant | undefined;
  readonly breaker: Breaker;
  /** it asked for patience until then */
  readonly heldUntil: Instant | undefined;
  readonly incident: Incident | undefined;
}

export const HEALTHY: Health = {
  disabledReason: undefined,
  disabledAt: undefined,
  lastUsedAt: undefined,
  breaker: CLOSED_BREAKER,
  heldUntil: undefined,
  incident: undefined,
};

/** A provider as the sender sees it; `provider` is absent while its configuration is not folded. */
export interface Desk {
  readonly id: string;
  readonly provider: ProviderRow | undefined;
  readonly health: Health;
}

/** Another notification of the same alert and provider. */
export type Sibling = Standing & { readonly alertEventId: string };

/** A planned notification that is due. */
export interface Due extends NotificationRow {
  readonly attempts_before: number;
  readonly redriven: boolean;
  /** of the alert event; null while that is not folded */
  readonly event_type: string | null;
  readonly data: object | null;
  readonly traceparent: string | null;
  readonly others: readonly Sibling[];
  readonly last_outcome: string | null;
  readonly last_started_at: Instant | null;
  readonly last_worker: number | null;
}

/** An attempt under way. */
export interface Job {
  readonly notification: Due;
  readonly provider: ProviderRow;
  readonly number: number;
  readonly startedAt: Instant;
}

/** What an attempt came to. `ownFault`: it never left this house, so it says nothing of the destination. */
export interface Result {
  readonly job: Job;
  readonly outcome: SendOutcome;
  readonly ownFault: boolean;
  readonly finishedAt: Instant;
}

/** How a notification stands after a decision. */
export interface Ending {
  readonly id: string;
  readonly state: NotificationRow['state'];
  readonly reason: string | null;
  readonly next_attempt_at: Instant | null;
  readonly finished_at: Instant | null;
}
