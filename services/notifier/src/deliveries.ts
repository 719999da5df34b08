import { type NewEvent, subjects } from '@tocsin/contracts';
import type { Append } from '@tocsin/event-log';
import { type Instant, shardOf } from '@tocsin/kernel';
import { type AttemptAnswer, deliveryEventId } from '@tocsin/notifying';

/** What a delivery event says of the notification it is about. */
export interface Delivery {
  readonly id: string;
  readonly project: string;
  readonly alert_id: string;
  readonly alert_event_id: string;
  readonly alert_event: string;
  readonly target_id: string;
  readonly provider_id: string;
  readonly provider_kind: string;
  readonly attempts: number;
  readonly traceparent?: string | null | undefined;
}

const base = (of: Delivery) => ({
  notificationId: of.id,
  project: of.project,
  alertId: of.alert_id,
  alertEventId: of.alert_event_id,
  alertEvent: of.alert_event,
  targetId: of.target_id,
  providerId: of.provider_id,
  providerKind: of.provider_kind,
});

function append(
  of: Delivery,
  verb: 'delivered' | 'failed' | 'muted',
  time: Instant,
  rest: Partial<NewEvent>,
): Append {
  const event = {
    id: deliveryEventId(of.id, verb, of.attempts),
    source: 'tocsin/notifier',
    time,
    // A provider that is gone has no kind; a subject has no empty part.
    natsSubject: subjects.delivery(of.project, of.provider_kind || 'unknown', of.provider_id, verb),
    entityId: of.provider_id,
    ...(typeof of.traceparent === 'string' ? { traceparent: of.traceparent } : {}),
    ...rest,
  } as NewEvent;
  return { event, chain: shardOf(of.provider_id) };
}

export const deliveredEvent = (of: Delivery, answer: AttemptAnswer, deliveredAt: Instant): Append =>
  append(of, 'delivered', deliveredAt, {
    type: 'NotificationDelivered',
    data: { ...base(of), attempts: of.attempts, deliveredAt, answer },
  });

export const failedEvent = (of: Delivery, reason: string, answer: AttemptAnswer, failedAt: Instant): Append =>
  append(of, 'failed', failedAt, {
    type: 'NotificationFailed',
    data: { ...base(of), attempts: of.attempts, failedAt, reason, answer },
  });

export const mutedEvent = (of: Delivery, reason: string, mutedAt: Instant): Append =>
  append(of, 'muted', mutedAt, { type: 'NotificationMuted', data: { ...base(of), mutedAt, reason } });
