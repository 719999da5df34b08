import type { JsMsg } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { StreamName } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';
import type { StoredMessage } from './event-log.js';

export const headerOf = (hdrs: MsgHdrs | undefined) => (name: string) => hdrs?.get(name) ?? '';
export const headersOf = (hdrs: MsgHdrs | undefined) => () =>
  Object.fromEntries((hdrs?.keys() ?? []).map((key) => [key, hdrs?.get(key) ?? '']));

/** One object for each message, and no closures: tens of thousands a second pass here. */
export class Delivered implements StoredMessage {
  readonly sequence: number;

  constructor(
    readonly stream: StreamName,
    private readonly message: JsMsg,
  ) {
    this.sequence = message.seq;
  }

  get subject(): string {
    return this.message.subject;
  }

  get storedAt(): Instant {
    return this.message.time.toISOString();
  }

  header(name: string): string {
    return this.message.headers?.get(name) ?? '';
  }

  headers(): Record<string, string> {
    return headersOf(this.message.headers)();
  }

  body(): string {
    return this.message.string();
  }
}
