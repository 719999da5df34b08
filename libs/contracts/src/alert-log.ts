import type { AlertEvent } from '@tocsin/alerting';
import { assertNever, derivedId, type Instant } from '@tocsin/kernel';
import type { NewEvent } from './events.js';
import { type AlertVerb, subjects } from './subjects.js';

/** Who alone writes the alert log. */
const ALERT_SOURCE = 'tocsin/alert-evaluator';

const VERBS: Record<AlertEvent['type'], AlertVerb> = {
  AlertRaised: 'raised',
  AlertUnmuted: 'unmuted',
  AlertResolved: 'resolved',
  AlertAcknowledged: 'acknowledged',
  PolicyChanged: 'policy',
};

/** Each of these happens at most once in an alert's life, and a revision once in a target's: a repeat has the same id. */
export function alertEventId(event: AlertEvent): string {
  return event.type === 'PolicyChanged'
    ? derivedId(event.type, event.data.target.id, String(event.data.policyRevision))
    : derivedId(event.type, event.data.alertId);
}

/** The decision as an event of the alert log. Its time is when it came to be true, not when a process saw it. */
export function alertLogEvent(event: AlertEvent, traceparent: string | undefined): NewEvent {
  const { project, target } = event.data;
  return {
    type: event.type,
    id: alertEventId(event),
    source: ALERT_SOURCE,
    time: happenedAt(event),
    natsSubject: subjects.alert(project, target.kind, target.id, VERBS[event.type]),
    entityId: target.id,
    data: event.data,
    ...(traceparent === undefined ? {} : { traceparent }),
  } as NewEvent;
}

/** When it came to be true. */
export function happenedAt(event: AlertEvent): Instant {
  switch (event.type) {
    case 'AlertRaised':
      return event.data.raisedAt;
    case 'AlertUnmuted':
      return event.data.unmutedAt;
    case 'AlertResolved':
      return event.data.resolvedAt;
    case 'AlertAcknowledged':
      return event.data.acknowledgedAt;
    case 'PolicyChanged':
      return event.data.changedAt;
    default:
      return assertNever(event);
  }
}
