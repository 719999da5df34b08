import type { EventMap } from './events.gen.js';

/** The name of an event; its CloudEvents type has `tocsin.v1.` before it. */
export type EventType = keyof EventMap;

export type TocsinEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    /** the same whenever the event is delivered again: de-duplicate on it */
    readonly id: string;
    /** the part of Tocsin that speaks, such as `tocsin/alert-evaluator` */
    readonly source: string;
    /** when it happened, ISO 8601 */
    readonly time: string;
    /** uuid of the monitor, job or alert's target it is about */
    readonly subject: string;
    readonly natsSubject: string;
    readonly data: EventMap[K];
    /** its place among the project's events */
    readonly sequence: number;
    /** keep it with what you did, and begin after it next time: `from: { cursor }` */
    readonly cursor: string;
    /** W3C trace context, when tracing is on */
    readonly traceparent?: string | undefined;
  };
}[T];

type Handler<T extends EventType> = (event: TocsinEvent<T>) => void | Promise<void>;

/** What is to be done with each event; those without a handler are passed over. */
export type Handlers = { readonly [K in EventType]?: Handler<K> | undefined };

/** What the subscription wants somebody to know although it goes on. */
export type Problem =
  /** the message is passed over: no handler could have used it */
  | {
      readonly kind: 'malformed';
      readonly sequence: number;
      readonly cursor: string;
      readonly natsSubject: string;
      readonly reason: string;
    }
  /** events that were dropped before they were read: `from` and `to` included */
  | { readonly kind: 'gap'; readonly from: number; readonly to: number }
  /** durable position: the event is handed over again after `retryInMs` */
  | {
      readonly kind: 'handler_failed';
      readonly event: TocsinEvent;
      readonly error: unknown;
      readonly attempt: number;
      readonly retryInMs: number;
    }
  /** the server does not answer; tried again for as long as it takes */
  | { readonly kind: 'unreachable'; readonly error: unknown };

export function describeProblem(problem: Problem): string {
  switch (problem.kind) {
    case 'malformed':
      return `message ${problem.sequence} (${problem.natsSubject}) was passed over: ${problem.reason}`;
    case 'gap':
      return `events ${problem.from} to ${problem.to} were dropped before they were read`;
    case 'handler_failed':
      return `the handler of ${problem.event.type} ${problem.event.id} failed (attempt ${problem.attempt}), again in ${problem.retryInMs} ms: ${text(problem.error)}`;
    case 'unreachable':
      return `NATS does not answer, trying again: ${text(problem.error)}`;
    default:
      return problem satisfies never;
  }
}

export const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
