import { decode, type EventType, type LoggedEvent, type StreamName } from '@tocsin/contracts';
import { isUuid, PermanentError, type Shard, shardOf } from '@tocsin/kernel';
import type { StoredMessage } from './event-log.js';

const UUID_LENGTH = 36;
const HEX = /[0-9a-f]$/i;

/** Which events each stream carries: one that strayed into another stream is not believed. */
const carries: Readonly<Record<StreamName, readonly EventType[]>> = {
  CONFIG: [
    'MonitorConfigured',
    'MonitorDeleted',
    'JobConfigured',
    'JobDeleted',
    'ProviderConfigured',
    'ProviderDeleted',
    'AcknowledgementGiven',
    'RedriveRequested',
    'RunRequested',
    'RunCancelRequested',
    'TestConfigured',
    'TestDeleted',
    'VariableConfigured',
    'VariableDeleted',
    'SubscriptionConfigured',
    'SubscriptionDeleted',
  ],
  CHECKS: ['CheckDue', 'RunDue'],
  RESULTS: ['CheckCompleted', 'CheckMissed', 'RunQueued', 'RunStarted', 'RunCompleted', 'RunMissed'],
  STATUS: ['StatusChanged'],
  ALERTS: ['AlertRaised', 'AlertUnmuted', 'AlertResolved', 'AlertAcknowledged', 'PolicyChanged'],
  DELIVERIES: ['NotificationDelivered', 'NotificationFailed', 'NotificationMuted'],
};

/** @throws PermanentError when the message will never be an event of its stream */
export function decodeStored(message: StoredMessage): LoggedEvent {
  const header = (name: string) => message.header(name);
  const event = decode(message.subject, message.sequence, header, message.body());
  if (!carries[message.stream].includes(event.type))
    throw new PermanentError('wrong_stream', `${event.type} does not belong to the stream ${message.stream}`);
  if (!isUuid(event.entityId))
    throw new PermanentError('invalid_event', `ce-subject "${event.entityId}" is not a uuid`);
  return event;
}

/** Somebody must own even what cannot be decoded: the entity's shard, the one in the subject, or the first. */
export function shardOfMessage(message: StoredMessage): Shard {
  const entity = message.header('ce-subject');
  if (entity.length === UUID_LENGTH && HEX.test(entity)) return shardOf(entity);
  const [stream, shard = ''] = message.subject.split('.');
  return stream === 'result' && /^[0-9a-f]$/.test(shard) ? (shard as Shard) : '0';
}
