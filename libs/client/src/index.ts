export { SubscriptionError, type SubscriptionErrorCode } from './errors.js';
export { describeProblem, type EventType, type Handlers, type Problem, type TocsinEvent } from './event.js';
export type * from './events.gen.js';
export type { From, SubscribeOptions } from './options.js';
export { type Subscription, subscribe } from './subscribe.js';
