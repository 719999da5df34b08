import { derivedId, type Instant } from '@tocsin/kernel';

export const PROVIDER_KINDS = ['email', 'slack', 'webhook', 'telegram', 'discord', 'teams'] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** The provider's answer to one attempt, without anything secret. */
export interface AttemptAnswer {
  /** HTTP status or SMTP reply code; 0 when there was no answer */
  readonly status: number;
  /** at most 500 characters */
  readonly excerpt: string;
}

interface DeliveryBase {
  readonly notificationId: string;
  readonly project: string;
  readonly alertId: string;
  readonly alertEventId: string;
  /** `alert.raised`, `alert.resolved` or `alert.unmuted`; `provider.failing` for a message about a provider */
  readonly alertEvent: string;
  readonly targetId: string;
  readonly providerId: string;
  readonly providerKind: string;
}

export interface NotificationDelivered extends DeliveryBase {
  readonly attempts: number;
  readonly deliveredAt: Instant;
  readonly answer: AttemptAnswer;
}

/** It will not be tried again unless a person re-drives it. */
export interface NotificationFailed extends DeliveryBase {
  readonly attempts: number;
  readonly failedAt: Instant;
  /** `permanent` (it will never work), `exhausted` (retries used up) or `provider_disabled` (switched off by itself) */
  readonly reason: string;
  readonly answer: AttemptAnswer;
}

/** It was decided not to tell this provider; the reason is the explanation. */
export interface NotificationMuted extends DeliveryBase {
  readonly mutedAt: Instant;
  readonly reason: string;
}

/**
 * The id of the event that says how a notification ended. One that a person had sent again may end a second time: attempts
 * tell the endings apart.
 */
export const deliveryEventId = (
  notificationId: string,
  verb: 'delivered' | 'failed' | 'muted',
  attempts: number,
): string => derivedId('delivery', notificationId, verb, String(attempts));
