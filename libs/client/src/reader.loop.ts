import type { NatsConnection } from '@nats-io/transport-node';
import { access } from './access.js';
import { readBatch } from './batch.nats.js';
import type { Stored } from './decode.js';

/** Nothing said for so long: looked for all the same, as what is said is not heard by those who are away. */
const IDLE_MS = 5_000;
const AGAIN_MS = 500;

export interface ReaderOptions {
  readonly nc: NatsConnection;
  readonly project: string;
  readonly batch: number;
  readonly signal: AbortSignal;
  /** number of the next message wanted */
  readonly next: () => number;
  /** the connection is back, or something was said and is not after where we are: is it still the same log? */
  readonly onDoubt: () => Promise<void>;
  readonly onUnreachable: (error: unknown) => void;
}

/** A sleep that ends when there is something to read. */
function listening({ nc, project, signal }: ReaderOptions) {
  let doubt = false;
  let heard = false;
  let wake = () => {};
  let connection = new AbortController();
  const notice = () => {
    heard = true;
    wake();
  };
  const subscriptions = access.live(project).map((subject) =>
    nc.subscribe(subject, {
      callback: (error) => {
        if (!error) notice();
      },
    }),
  );
  const watch = async () => {
    for await (const status of nc.status())
      if (status.type === 'reconnect') {
        doubt = true;
        // What was asked on the connection before is not answered on this one
        connection.abort();
        connection = new AbortController();
        notice();
      }
  };
  void watch();
  signal.addEventListener('abort', notice, { once: true });
  return {
    /** whether the log may be another one since this was asked last */
    takeDoubt: () => {
      const was = doubt;
      doubt = false;
      return was;
    },
    /** whether something was heard since this was asked last; what is heard from here on ends the next sleep */
    takeHeard: () => {
      const was = heard;
      heard = false;
      return was;
    },
    connection: () => AbortSignal.any([connection.signal, signal]),
    doubt: () => {
      doubt = true;
    },
    sleep: (ms: number, wakes = true) =>
      new Promise<void>((resolve) => {
        if (signal.aborted || (wakes && heard)) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          if (!wakes && !signal.aborted) return;
          clearTimeout(timer);
          resolve();
        };
      }),
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

/** Messages in order, for ever: the next batch is read while one is handled. */
export async function* readMessages(options: ReaderOptions): AsyncGenerator<Stored> {
  const { nc, project, batch, signal, next } = options;
  const live = listening(options);
  const read = (seq: number) =>
    readBatch(nc, project, { seq }, batch, live.connection()).then(
      (messages) => ({ seq, messages, error: undefined }),
      (error: unknown) => ({ seq, messages: [], error }),
    );
  try {
    let ahead: ReturnType<typeof read> | undefined;
    while (!signal.aborted) {
      if (live.takeDoubt()) {
        ahead = undefined;
        try {
          await options.onDoubt();
          if (signal.aborted) return;
        } catch (error) {
          live.doubt();
          options.onUnreachable(error);
          await live.sleep(AGAIN_MS, false);
          continue;
        }
      }
      const wasHeard = live.takeHeard();
      const found = await (ahead ?? read(next()));
      ahead = undefined;
      if (signal.aborted) return;
      if (found.error !== undefined) {
        options.onUnreachable(found.error);
        await live.sleep(AGAIN_MS, false);
        continue;
      }
      const whole = contiguous(found.messages);
      const last = whole.at(-1);
      if (last === undefined) {
        // Something was said, and there is nothing after where we are
        if (wasHeard) live.doubt();
        else await live.sleep(IDLE_MS);
        continue;
      }
      if (whole.length === batch) ahead = read(last.sequence + 1);
      for (const message of whole) {
        if (signal.aborted) return;
        yield message;
      }
    }
  } finally {
    live.close();
  }
}

/** Messages may be lost on the way from the server: whatever comes after a hole is asked for again. */
function contiguous(messages: readonly Stored[]): readonly Stored[] {
  const hole = messages.findIndex(
    ({ sequence }, i) => i > 0 && sequence !== (messages[i - 1]?.sequence ?? 0) + 1,
  );
  return hole === -1 ? messages : messages.slice(0, hole);
}
