import type { StatusChanged } from '@tocsin/monitoring';

export type LiveTopic = 'status' | 'alert' | 'delivery';
export const TOPICS: readonly LiveTopic[] = ['status', 'alert', 'delivery'];

interface Envelope<Topic extends LiveTopic, Data> {
  readonly topic: Topic;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly data: Data;
}

/** As much of each event as the console uses. */
export type LiveEvent =
  | Envelope<'status', StatusChanged>
  | Envelope<'alert', { readonly alertId: string; readonly target?: { readonly id: string } }>
  | Envelope<'delivery', { readonly alertId?: string; readonly providerId?: string }>;

/** undefined when it is not one: a line of a stream must not stop the ones after it. */
export function liveEventOf(topic: LiveTopic, text: string): LiveEvent | undefined {
  try {
    const event = JSON.parse(text) as Record<string, unknown>;
    if (typeof event.data !== 'object' || event.data === null) return undefined;
    return { ...event, topic } as LiveEvent;
  } catch {
    return undefined;
  }
}
