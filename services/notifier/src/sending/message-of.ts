import type { Instant } from '@tocsin/kernel';
import {
  buildMessage,
  type Message,
  type ProviderFailure,
  providerFailureMessage,
  type TellableEvent,
} from '@tocsin/notifying';

/** The message of a stored alert event, rendered when it is sent: it is written once and may be told for a day. */
export function messageOf(type: string, data: object, publicUrl: string, now: Instant): Message {
  return type === 'provider.failing'
    ? providerFailureMessage(data as ProviderFailure, { publicUrl, now })
    : buildMessage({ type, data } as TellableEvent, { publicUrl });
}
