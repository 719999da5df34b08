import { setTimeout as delay } from 'node:timers/promises';
import { cursorOf, decode, type Stored } from './decode.js';
import { SubscriptionError } from './errors.js';
import { type Handlers, type Problem, type TocsinEvent, text } from './event.js';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
export const retryDelayMs = (attempt: number): number =>
  Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));

interface Delivery {
  readonly handlers: Handlers;
  readonly onProblem: (problem: Problem) => void;
  /** a handler that fails gets the event again; otherwise its failure ends the subscription */
  readonly retry: boolean;
  readonly signal: AbortSignal;
  /** where the subscription is before this message */
  readonly position: string;
}

const handlerOf = (handlers: Handlers, event: TocsinEvent) =>
  handlers[event.type] as ((event: TocsinEvent) => void | Promise<void>) | undefined;

/**
 * One message to its handler, and nothing after it before that has succeeded: an end is never heard before its beginning.
 * @returns whether it is done with; not, when the subscription was stopped between two attempts
 */
export async function deliver(message: Stored, delivery: Delivery): Promise<boolean> {
  const { handlers, onProblem, signal } = delivery;
  const decoded = decode(message);
  if (decoded.kind === 'unknown') return true;
  if (decoded.kind === 'malformed') {
    const { sequence, subject: natsSubject } = message;
    onProblem({
      kind: 'malformed',
      sequence,
      cursor: cursorOf(message),
      natsSubject,
      reason: decoded.reason,
    });
    return true;
  }
  const { event } = decoded;
  const handler = handlerOf(handlers, event);
  if (handler === undefined) return true;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await handler(event);
      return true;
    } catch (error) {
      if (!delivery.retry)
        throw new SubscriptionError(
          'handler_failed',
          `the handler of ${event.type} ${event.id} failed: ${text(error)}`,
          delivery.position,
          { cause: error },
        );
      const retryInMs = retryDelayMs(attempt);
      onProblem({ kind: 'handler_failed', event, error, attempt, retryInMs });
      await delay(retryInMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
    }
  }
}
