export { alertEventId, alertLogEvent, happenedAt } from './alert-log.js';
export { decode, encode, type WireMessage } from './codec.js';
export { type ConfigSchema, joinSecrets, splitSecrets } from './config-schema.js';
export type * from './events.js';
export * from './kinds/index.js';
export {
  AUDITOR,
  inboxPrefix,
  NATS_PERMISSIONS,
  SERVICE_NAMES,
  type ServiceName,
  type SubjectPermissions,
} from './permissions.js';
export { isPolicyCause, type PolicyCause, policyChange } from './policy-change.js';
export * from './providers/index.js';
export { ARTIFACT_NAME, alertConfig, eventSchemas, instant } from './schemas.js';
export {
  ARTIFACT_BUCKET,
  executorConsumer,
  OUTPUT_STREAM,
  POSITIONS_STREAM,
  PROJECT_STREAM_BYTES,
  projectStream,
  runnerConsumer,
  STREAM_NAMES,
  STREAMS,
  type StreamDefinition,
  type StreamName,
} from './streams.js';
export {
  type AlertVerb,
  type ConfigKind,
  type DeliveryVerb,
  filters,
  type ResultKind,
  requests,
  subjects,
} from './subjects.js';
export { SUBSCRIBED_TYPES, type SubscribedType } from './subscribed-types.js';
export {
  auditorAccess,
  parseSubscribers,
  SUBSCRIBER_DOMAIN,
  type Subscriber,
  type SubscriberAccess,
  subscriberAccess,
  subscriberAccount,
} from './subscribers.js';
export {
  type SubscriptionConfig,
  subscriptionConfig,
  subscriptionDestination,
} from './subscription-config.js';
export * from './tests/index.js';
