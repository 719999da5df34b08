import { SUBSCRIBED_TYPES, type SubscribedType } from '@tocsin/contracts';
import { decodeStored, type StoredMessage } from '@tocsin/event-log';
import { PermanentError } from '@tocsin/kernel';
import { cloudEvent } from './cloud-event.js';
import type { Item, SubscribedStream } from './subscription.js';

/** `alert.<project>.…` and `status.<project>.…`, without a look at the rest. */
export const projectOf = (subject: string): string => subject.split('.', 2)[1] ?? '';

/** undefined for what is no event, which projections report, or none that anybody may subscribe to. */
export function itemOf(message: StoredMessage): Item | undefined {
  try {
    const { type, id, time, data } = decodeStored(message);
    if (!isSubscribed(type)) return undefined;
    let text: string | undefined;
    return {
      stream: message.stream as SubscribedStream,
      sequence: message.sequence,
      at: message.storedAt,
      project: data.project,
      type,
      id,
      time,
      // The same for all who subscribe to it, and not made for those who are far behind.
      text: () => {
        text ??= cloudEvent(message);
        return text;
      },
    };
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}

const isSubscribed = (type: string): type is SubscribedType =>
  (SUBSCRIBED_TYPES as readonly string[]).includes(type);
