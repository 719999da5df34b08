export type { TellableEvent } from './alert-event.js';
export { nextAttempt, RETRY_SCHEDULE_MS } from './backoff.js';
export {
  type Breaker,
  type BreakerDecision,
  type BreakerEvent,
  breakerEvent,
  CLOSED_BREAKER,
  decideSend,
  evolveBreaker,
} from './breaker.js';
export { type Bucket, FULL_BUCKET, type Rate, take } from './bucket.js';
export { alertView, buildMessage, type MessageContext } from './build-message.js';
export {
  type DispatchDecision,
  decideDispatch,
  decideRedrive,
  type RedriveDecision,
  type Standing,
  SUPERSEDED_AFTER_MS,
} from './dispatch.js';
export { explainPlan, type Planned } from './explain-plan.js';
export { formatDuration, formatInstant } from './format.js';
export { followIncident, type Incident, type ProviderSign } from './incident.js';
export { isJsonTemplate } from './json-template.js';
export type { AlertView, Message, MessageEvent, MessageTarget } from './message.js';
export {
  type AttemptAnswer,
  deliveryEventId,
  type NotificationDelivered,
  type NotificationFailed,
  type NotificationMuted,
  PROVIDER_KINDS,
  type ProviderKind,
} from './notification.js';
export {
  type MuteReason,
  type PlannedNotification,
  type PlanReason,
  type ProviderStanding,
  planNotifications,
  type Told,
} from './plan.js';
export { type ProviderFailure, providerFailureMessage } from './provider-failure.js';
export { type Settlement, settleAttempt } from './settle.js';
export {
  type DeliveryOutcome,
  SUBSCRIPTION_SCHEDULE_MS,
  type SubscriptionEnd,
  type SubscriptionStanding,
  settleDelivery,
} from './subscription.js';
export { type Escaper, escapeHtml, escapeJson, escapeNothing, renderTemplate } from './template.js';
export { testMessage } from './test-message.js';
export { NUMERIC_VARIABLES, VARIABLE_NAMES, type VariableName } from './variables.js';
