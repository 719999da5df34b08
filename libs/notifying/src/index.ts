export { isJsonTemplate } from './json-template.js';
export type { AlertView, Message, MessageEvent } from './message.js';
export {
  type AttemptAnswer,
  type NotificationDelivered,
  type NotificationFailed,
  type NotificationMuted,
  PROVIDER_KINDS,
  type ProviderKind,
} from './notification.js';
export { type Escaper, escapeHtml, escapeJson, escapeNothing, renderTemplate } from './template.js';
export { NUMERIC_VARIABLES, VARIABLE_NAMES, type VariableName } from './variables.js';
