import type { NotCounted } from './count.js';
import type { AlertEvent, TargetState } from './target-state.js';

export type DecisionReason =
  | NotCounted
  | 'no_policy'
  | 'alerts_disabled'
  | 'threshold_reached'
  | 'below_threshold'
  | 'still_open'
  | 'recovered'
  | 'recovering'
  | 'not_counted_error'
  | 'nothing_new'
  | 'policy_changed'
  | 'stale_revision'
  | 'acknowledged'
  | 'already_acknowledged'
  | 'alert_not_open';

export interface Decision {
  readonly events: readonly AlertEvent[];
  readonly state: TargetState;
  readonly reason: DecisionReason;
}
