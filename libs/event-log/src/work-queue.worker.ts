import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type JsMsg, jetstream } from '@nats-io/jetstream';
import { decode, type LoggedEvent, type StreamName } from '@tocsin/contracts';
import { PermanentError } from '@tocsin/kernel';
import type { Logger, Metrics, NatsHandle } from '@tocsin/service-kit';
import { WorkerContext } from './contexts.js';
import type { Hosted } from './hosted.js';
import { retryDelayMs } from './retry-delay.js';
import { workMetrics } from './work.metrics.js';

export interface WorkerOptions {
  /** also the pattern of its handler */
  readonly name: string;
  readonly nats: NatsHandle;
  readonly stream: StreamName;
  /** durable consumer made by the provision step */
  readonly consumer: string;
  /** messages handled at once at most */
  readonly concurrency: number;
  /** of the consumer, milliseconds: work that takes longer says so in time */
  readonly ackWaitMs: number;
  /**
   * default true: what is next is here before its turn. False for work that takes long, and that must not be handed out
   * again because it waited here: each piece is asked for when there is room for it
   */
  readonly fetchAhead?: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A failed piece of work comes again after this long. */
const FAILED_AGAIN_MS = 1_000;
/** A question for one piece of work that got lost is asked again after this long; the stop waits for none. */
const ASK_MS = 5_000;

type Handle = (payload: unknown, context: unknown) => Promise<void>;

/**
 * Takes from a work queue, in parallel, and acks when the handler is done: its effect is durable by then. A handler
 * that throws has its message again later; a message that is no event is taken out of the queue and counted.
 */
export function workerHost(options: WorkerOptions): Hosted {
  const { name, metrics, logger, concurrency, fetchAhead = true } = options;
  const { handled, inFlight } = workMetrics(metrics);
  let working = 0;
  const count = (change: 1 | -1) => {
    working += change;
    inFlight.set({ worker: name }, working);
  };

  async function work(message: JsMsg, handle: Handle): Promise<void> {
    let event: LoggedEvent;
    try {
      event = decode(
        message.subject,
        message.seq,
        (key) => message.headers?.get(key) ?? '',
        message.string(),
      );
    } catch (error) {
      const reason = error instanceof PermanentError ? error.reason : 'invalid_event';
      logger.error(
        { err: error, subject: message.subject, sequence: message.seq },
        'work is no event, dropped',
      );
      handled.inc({ worker: name, outcome: reason });
      message.term(reason);
      return;
    }
    let again: number | undefined;
    count(1);
    const stillWorking = setInterval(() => message.working(), options.ackWaitMs / 3);
    try {
      await handle(
        event,
        new WorkerContext([
          { event, deliveryCount: message.info.deliveryCount, retryAfter: (delayMs) => (again = delayMs) },
        ]),
      );
      if (again === undefined) message.ack();
      else message.nak(again);
      handled.inc({ worker: name, outcome: again === undefined ? 'done' : 'again' });
    } catch (error) {
      logger.error(
        { err: error, subject: message.subject, sequence: message.seq },
        'work failed, comes again',
      );
      handled.inc({ worker: name, outcome: 'failed' });
      message.nak(FAILED_AGAIN_MS);
    } finally {
      clearInterval(stillWorking);
      count(-1);
    }
  }

  async function takeOneByOne(handle: Handle, signal: AbortSignal): Promise<void> {
    const js = jetstream(await options.nats.connection());
    const consumer = await js.consumers.get(options.stream, options.consumer);
    while (!signal.aborted) {
      const asked = await consumer.fetch({ max_messages: 1, expires: ASK_MS });
      const close = () => void asked.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        for await (const message of asked) {
          if (signal.aborted) message.nak();
          else await work(message, handle);
        }
      } finally {
        signal.removeEventListener('abort', close);
      }
    }
  }

  async function takeAhead(handle: Handle, signal: AbortSignal): Promise<void> {
    const js = jetstream(await options.nats.connection());
    const consumer = await js.consumers.get(options.stream, options.consumer);
    const messages = await consumer.consume({ max_messages: concurrency });
    const close = () => void messages.close();
    signal.addEventListener('abort', close, { once: true });
    const running = new Set<Promise<void>>();
    let hasRoom: (() => void) | undefined;
    const start = (message: JsMsg) => {
      const one = work(message, handle).finally(() => {
        running.delete(one);
        hasRoom?.();
      });
      running.add(one);
    };
    try {
      for await (const message of messages) {
        // What was fetched ahead goes back at once instead of when its time is up.
        if (signal.aborted) {
          message.nak();
          continue;
        }
        start(message);
        if (running.size >= concurrency) await new Promise<void>((resolve) => (hasRoom = resolve));
      }
    } finally {
      signal.removeEventListener('abort', close);
      await messages.close();
      // What is under way ends with an ack, or the queue hands it to somebody else.
      await Promise.allSettled(running);
    }
  }

  /** Until the signal, whatever happens to the connection. */
  async function keepTaking(take: typeof takeAhead, handle: Handle, signal: AbortSignal): Promise<void> {
    // A service that stops before NATS was ever there waits for it no longer.
    const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
    await Promise.race([options.nats.connection().catch(() => undefined), stopped]);
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const startedAt = performance.now();
      try {
        await take(handle, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn(
          { err: error, consumer: options.consumer },
          'the work queue cannot be read, trying again',
        );
      }
      if (performance.now() - startedAt > 10_000) attempt = 1;
      await delay(retryDelayMs(attempt), undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    pattern: name,
    async run(handle, signal) {
      if (fetchAhead) return keepTaking(takeAhead, handle, signal);
      const places = Array.from({ length: concurrency }, () => keepTaking(takeOneByOne, handle, signal));
      await Promise.all(places);
    },
  };
}
