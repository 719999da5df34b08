export {
  ALERT_TYPES,
  type AlertAcknowledged,
  type AlertRaised,
  type AlertResolved,
  type AlertTarget,
  type AlertType,
  type AlertUnmuted,
  type Evidence,
  type PolicyChanged,
  type RaiseReason,
  type ResolveReason,
  type Severity,
  type UntoldReason,
} from './alert.js';
export { type AlertConfig, DEFAULT_ALERT_CONFIG, MAX_PROVIDERS } from './policy.js';
