import { setTimeout as delay } from 'node:timers/promises';
import {
  type Consumer,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import { errors, headers } from '@nats-io/transport-node';
import { encode, type NewEvent, type StreamName } from '@tocsin/contracts';
import { PermanentError } from '@tocsin/kernel';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import { acknowledgedPublish } from './acknowledged-publish.jetstream.js';
import { Delivered, headerOf, headersOf } from './delivered.js';
import type { EventLog, LogReader, Published, ReadOptions, StoredMessage } from './event-log.js';
import { readPage, startAt } from './page.jetstream.js';
import { retryDelayMs } from './retry-delay.js';

export interface JetStreamLogOptions {
  readonly nats: NatsHandle;
  readonly logger: Logger;
}

interface Client {
  readonly js: JetStreamClient;
  readonly jsm: Promise<JetStreamManager>;
  readonly publish: ReturnType<typeof acknowledgedPublish>;
}

/** A lost answer is noticed after this long; the repeat is a duplicate to the stream. */
const ANSWER_MS = 1_500;
/** Read ahead of the reader, in messages: what waits longer than a batch only outlives the young generation. */
const AHEAD = 500;
const NO_MESSAGE_FOUND = 10_037;
const STREAM_NOT_MATCHED = 10_060;
const MESSAGE_TOO_LARGE = 10_054;

/** What the server will say again however often it is asked. */
function permanent(error: unknown): PermanentError | undefined {
  const reason = (error as Error).message;
  if (error instanceof errors.InvalidArgumentError || error instanceof errors.InvalidSubjectError)
    return new PermanentError('refused_by_log', reason);
  if (!(error instanceof JetStreamApiError)) return undefined;
  return error.code === STREAM_NOT_MATCHED || error.code === MESSAGE_TOO_LARGE
    ? new PermanentError('refused_by_log', reason)
    : undefined;
}

export function createJetStreamLog({ nats, logger }: JetStreamLogOptions): EventLog {
  let client: Client | undefined;
  async function connected() {
    const nc = await nats.connection();
    client ??= {
      js: jetstream(nc, { timeout: ANSWER_MS }),
      publish: acknowledgedPublish(nc, nats.inboxPrefix, ANSWER_MS),
      jsm: jetstreamManager(nc, { checkAPI: false }),
    };
    return client;
  }

  async function publish(
    event: NewEvent,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Published> {
    const wire = encode(event);
    const hdrs = headers();
    for (const key in wire.headers) hdrs.set(key, wire.headers[key] ?? '');
    for (let attempt = 1; ; attempt += 1) {
      options.signal?.throwIfAborted();
      try {
        const ack = await (await connected()).publish(wire.subject, wire.body, hdrs);
        return { sequence: ack.seq, duplicate: ack.duplicate };
      } catch (error) {
        const final = permanent(error);
        if (final !== undefined) throw final;
        // The first lost answer is ordinary; a row of them is somebody's business.
        if (attempt === 3)
          logger.warn(
            { err: error, subject: wire.subject, attempt },
            'the log does not take events, repeating',
          );
        await delay(retryDelayMs(attempt), undefined, options.signal ? { signal: options.signal } : {}).catch(
          () => undefined,
        );
      }
    }
  }

  function read(options: ReadOptions): LogReader {
    let consumer: Consumer | undefined;
    let handedOut = 'sequence' in options.from ? options.from.sequence - 1 : 0;

    async function* messages(): AsyncGenerator<StoredMessage> {
      for (let attempt = 1; !options.signal.aborted; attempt += 1) {
        try {
          const { js } = await connected();
          const from = handedOut > 0 ? { sequence: handedOut + 1 } : options.from;
          consumer = await js.consumers.get(options.stream, {
            filter_subjects: [...options.subjects],
            ...startAt(from),
          });
          const stream = await consumer.consume({ max_messages: AHEAD });
          const close = () => void stream.close();
          options.signal.addEventListener('abort', close, { once: true });
          try {
            for await (const message of stream) {
              attempt = 0;
              handedOut = message.seq;
              yield new Delivered(options.stream, message);
              if (options.signal.aborted) return;
            }
          } finally {
            options.signal.removeEventListener('abort', close);
            await stream.close();
          }
        } catch (error) {
          if (options.signal.aborted) return;
          logger.warn({ err: error, stream: options.stream }, 'the log cannot be read, trying again');
        }
        await delay(retryDelayMs(attempt), undefined, { signal: options.signal }).catch(() => undefined);
      }
    }

    return {
      [Symbol.asyncIterator]: messages,
      async isDrained() {
        const info = await consumer?.info();
        if (info === undefined) return false;
        return (
          info.num_pending === 0 &&
          (info.delivered.consumer_seq === 0 || info.delivered.stream_seq <= handedOut)
        );
      },
    };
  }

  return {
    publish,
    read,
    async page(options) {
      const { js, jsm } = await connected();
      return await readPage(js, await jsm, options);
    },
    async describe(stream) {
      const { jsm } = await connected();
      const info = await (await jsm).streams.info(stream);
      return {
        createdAt: new Date(info.created).toISOString(),
        firstSequence: info.state.first_seq,
        lastSequence: info.state.last_seq,
      };
    },
    async messageAt(stream, sequence) {
      const { jsm } = await connected();
      try {
        const message = await (await jsm).streams.getMessage(stream, { seq: sequence });
        return message === null ? undefined : storedFromStream(stream, message);
      } catch (error) {
        if (error instanceof JetStreamApiError && error.code === NO_MESSAGE_FOUND) return undefined;
        throw error;
      }
    },
  };
}

function storedFromStream(stream: StreamName, message: StoredMsg): StoredMessage {
  return {
    stream,
    sequence: message.seq,
    subject: message.subject,
    storedAt: message.time.toISOString(),
    header: headerOf(message.header),
    headers: headersOf(message.header),
    body: () => new TextDecoder().decode(message.data),
  };
}
