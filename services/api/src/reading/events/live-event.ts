import type { EventType, LoggedEvent } from '@tocsin/contracts';
import type { LiveTopic } from './live-position.js';
import type { LiveEvent } from './recent-events.js';

/** What each event is called on the live stream; what is missing here is not for it. */
const TOPIC_OF: Partial<Record<EventType, LiveTopic>> = {
  StatusChanged: 'status',
  AlertRaised: 'alert',
  AlertUnmuted: 'alert',
  AlertResolved: 'alert',
  AlertAcknowledged: 'alert',
  PolicyChanged: 'alert',
  NotificationDelivered: 'delivery',
  NotificationFailed: 'delivery',
  NotificationMuted: 'delivery',
};

/** The topics that events of these types come under. */
export const topicsOf = (types: readonly string[]): readonly LiveTopic[] =>
  types.flatMap((type) => TOPIC_OF[type as EventType] ?? []);

/** undefined for an event that is not shown live */
export function liveEventOf({ type, id, time, data, sequence }: LoggedEvent): LiveEvent | undefined {
  const topic = TOPIC_OF[type];
  if (topic === undefined) return undefined;
  return {
    sequence,
    project: data.project,
    type,
    frame: `event: ${topic}\ndata: ${JSON.stringify({ id, type, time, data })}\n`,
  };
}
