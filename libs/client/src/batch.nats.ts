import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { access } from './access.js';
import type { Stored } from './decode.js';

export type Start = { readonly seq: number } | { readonly start_time: string };

/** So long between two messages, or before the first, and the server is taken for gone. */
const SILENCE_MS = 5_000;

const stored = (message: Msg): Stored => ({
  sequence: Number(message.headers?.get('Nats-Sequence')),
  subject: message.headers?.get('Nats-Subject') ?? '',
  header: (name) => message.headers?.get(name) ?? '',
  body: () => message.string(),
});

/**
 * Up to `limit` messages in order, from `start` on; none when there are none yet. No consumer is made: nothing is left
 * behind at the server, whatever becomes of us.
 */
export function readBatch(
  nc: NatsConnection,
  project: string,
  start: Start,
  limit: number,
  signal?: AbortSignal,
): Promise<Stored[]> {
  const inbox = createInbox();
  const messages: Stored[] = [];
  return new Promise((resolve, reject) => {
    let silence: NodeJS.Timeout | undefined;
    const end = (error?: Error) => {
      clearTimeout(silence);
      signal?.removeEventListener('abort', stop);
      subscription.unsubscribe();
      // What came before the end is in order and whole: the rest is asked for again.
      if (error === undefined || messages.length > 0) resolve(messages);
      else reject(error);
    };
    const stop = () => end(new Error('the connection was lost'));
    const waitOn = () => {
      clearTimeout(silence);
      silence = setTimeout(() => end(new Error(`no answer within ${SILENCE_MS} ms`)), SILENCE_MS);
    };
    const subscription = nc.subscribe(inbox, {
      callback: (error, message) => {
        if (error) return end(error);
        const code = message.data.length === 0 ? message.headers?.code : undefined;
        // 204 ends a batch, 404 is that there is nothing from here on
        if (code === 204 || code === 404) return end();
        if (code) return end(new Error(`${code} ${message.headers?.description ?? ''}`.trim()));
        messages.push(stored(message));
        return waitOn();
      },
    });
    signal?.addEventListener('abort', stop, { once: true });
    waitOn();
    try {
      const question = { ...start, batch: limit, next_by_subj: '>' };
      nc.publish(access.read(project), JSON.stringify(question), { reply: inbox });
    } catch (error) {
      end(error as Error);
    }
  });
}
