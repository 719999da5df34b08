import { type NewEvent, subjects } from '@tocsin/contracts';
import { MAX_HEARTBEAT_MESSAGE } from '@tocsin/http-api';
import { type Instant, newId } from '@tocsin/kernel';
import { SOURCE } from '../event-tables.js';

export interface Received {
  readonly monitorId: string;
  readonly project: string;
  readonly revision: number;
  readonly failed: boolean;
  /** what the sender said, of any length */
  readonly text: string;
  readonly receivedAt: Instant;
}

/** Cut, never refused: a heartbeat with a strange message is still a heartbeat. */
export const messageOf = (text: string): string =>
  text.toWellFormed().replaceAll('\0', '').trim().slice(0, MAX_HEARTBEAT_MESSAGE).toWellFormed();

export function heartbeatReceived(received: Received): NewEvent<'CheckCompleted'> {
  const { monitorId, project, revision, failed, receivedAt } = received;
  const message = messageOf(received.text);
  return {
    type: 'CheckCompleted',
    id: newId(),
    source: SOURCE,
    time: receivedAt,
    natsSubject: subjects.result(project, 'heartbeat', monitorId),
    entityId: monitorId,
    data: {
      monitorId,
      project,
      kind: 'heartbeat',
      slot: receivedAt,
      location: 'local',
      outcome: failed ? 'down' : 'up',
      startedAt: receivedAt,
      finishedAt: receivedAt,
      latencyMs: 0,
      timings: { totalMs: 0 },
      attempts: 1,
      ...(failed
        ? { error: { code: 'heartbeat_failed', message: message || 'the sender said it failed' } }
        : {}),
      observed: message === '' || failed ? {} : { message },
      configRevision: revision,
      trigger: 'received',
    },
  };
}
