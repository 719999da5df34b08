export type { AlertView, Message, MessageEvent } from './message.js';
export {
  type AttemptAnswer,
  type NotificationDelivered,
  type NotificationFailed,
  type NotificationMuted,
  PROVIDER_KINDS,
  type ProviderKind,
} from './notification.js';
