import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectForEver, isRefusal, refused } from './connect.nats.js';
import { type Cursor, formatCursor, parseCursor } from './cursor.js';
import { deliver } from './deliver.js';
import { SubscriptionError } from './errors.js';
import type { Handlers } from './event.js';
import { beginningOf, verifyCursor } from './log.nats.js';
import { type Parsed, parseOptions, type SubscribeOptions } from './options.js';
import { positionLoop } from './position.loop.js';
import { type PositionKeeper, positionKeeper } from './position.nats.js';
import { readMessages } from './reader.loop.js';

export interface Subscription {
  /** where it is: everything before has been handled */
  readonly cursor: string;
  /** resolves after `stop`; rejects with a `SubscriptionError` when it cannot go on */
  readonly done: Promise<void>;
  /** the handler that runs may end, then the position is kept and the connection closed */
  readonly stop: () => Promise<void>;
}

/** Tried until the server answers: a deployment starts in any order. */
async function persistently<T>(options: Parsed, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SubscriptionError) throw error;
      if (isRefusal(error)) throw refused(error, options);
      options.onProblem({ kind: 'unreachable', error });
      await delay(1_000);
    }
  }
}

async function beginAt(
  nc: NatsConnection,
  options: Parsed,
  keeper: PositionKeeper | undefined,
): Promise<Cursor> {
  const { project, from } = options;
  const kept = await keeper?.load();
  const text = options.reposition ? undefined : kept;
  const given = text ?? (typeof from === 'object' && 'cursor' in from ? from.cursor : undefined);
  if (given === undefined) return beginningOf(nc, project, from as Exclude<typeof from, { cursor: string }>);
  const cursor = parseCursor(given);
  await verifyCursor(nc, project, cursor);
  return cursor;
}

/**
 * Hands the events of a project to the handlers: in order, one at a time, at least once.
 * @throws SubscriptionError when it cannot begin: `not_permitted`, `invalid_cursor`, `log_went_backwards`
 */
export async function subscribe(given: SubscribeOptions, handlers: Handlers): Promise<Subscription> {
  const options = parseOptions(given);
  const { project, onProblem } = options;
  const nc = await connectForEver(options);
  const keeper = options.durable ? positionKeeper(nc, options.user, project) : undefined;
  let position: Cursor;
  try {
    position = await persistently(options, () => beginAt(nc, options, keeper));
    // A position from the very first moment on: who begins at "now" does not begin there again
    if (keeper !== undefined) await persistently(options, () => keeper.save(formatCursor(position)));
  } catch (error) {
    await nc.close();
    throw error;
  }

  const stopping = new AbortController();
  let failure: SubscriptionError | undefined;
  const fail = (error: SubscriptionError) => {
    failure ??= error;
    stopping.abort();
  };
  const unreachable = (error: unknown) => onProblem({ kind: 'unreachable', error });
  const cursor = () => formatCursor(position);
  const kept = keeper && positionLoop(keeper, cursor, { taken: fail, unreachable });

  async function run(): Promise<void> {
    const messages = readMessages({
      nc,
      project,
      batch: options.batch,
      signal: stopping.signal,
      next: () => position.sequence + 1,
      onDoubt: () =>
        verifyCursor(nc, project, position).catch((error: unknown) => {
          if (!(error instanceof SubscriptionError)) throw error;
          fail(error);
        }),
      onUnreachable: unreachable,
    });
    for await (const message of messages) {
      const { sequence } = message;
      if (sequence > position.sequence + 1)
        onProblem({ kind: 'gap', from: position.sequence + 1, to: sequence - 1 });
      const { signal } = stopping;
      const retry = keeper !== undefined;
      if (!(await deliver(message, { handlers, onProblem, retry, signal, position: cursor() }))) return;
      position = { sequence, eventId: message.header('ce-id') };
      kept?.moved();
    }
  }

  async function untilItEnds(): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof SubscriptionError)) throw error;
      fail(error);
    } finally {
      stopping.abort();
      await kept?.close();
      await nc.close();
    }
    if (failure !== undefined) throw failure;
  }

  const done = untilItEnds();

  return {
    get cursor() {
      return cursor();
    },
    done,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}
