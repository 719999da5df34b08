import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId } from '@tocsin/kernel';
import { at, uuid } from '../views.fixture.js';

const TARGET = { id: uuid(100), kind: 'monitor', name: 'shop', url: 'https://shop.example/' } as const;

export function statusChanged(number: number, project = 'default', reason = 'threshold_reached'): NewEvent {
  return {
    type: 'StatusChanged',
    id: derivedId('status', project, String(number)),
    source: 'tocsin/result-projector',
    time: at(number),
    natsSubject: subjects.status(project, 'monitor', TARGET.id),
    entityId: TARGET.id,
    data: {
      targetId: TARGET.id,
      targetKind: 'monitor',
      project,
      from: 'up',
      to: 'down',
      reason,
      changedAt: at(number),
    },
  };
}

export function alertAcknowledged(number: number, project = 'default'): NewEvent {
  return {
    type: 'AlertAcknowledged',
    id: derivedId('ack', project, String(number)),
    source: 'tocsin/alert-evaluator',
    time: at(number),
    natsSubject: subjects.alert(project, 'monitor', TARGET.id, 'acknowledged'),
    entityId: TARGET.id,
    data: {
      alertId: uuid(1),
      project,
      target: TARGET,
      acknowledgedAt: at(number),
      acknowledgedBy: 'ann',
      note: '',
      position: number,
    },
  };
}

export function notificationMuted(number: number, project = 'default'): NewEvent {
  return {
    type: 'NotificationMuted',
    id: derivedId('muted', project, String(number)),
    source: 'tocsin/notifier',
    time: at(number),
    natsSubject: subjects.delivery(project, 'webhook', uuid(200), 'muted'),
    entityId: uuid(200),
    data: {
      notificationId: uuid(31),
      project,
      alertId: uuid(1),
      alertEventId: uuid(2),
      alertEvent: 'alert.raised',
      targetId: TARGET.id,
      providerId: uuid(200),
      providerKind: 'webhook',
      mutedAt: at(number),
      reason: 'muted',
    },
  };
}
