import type { LoggedEvent, StreamName } from '@tocsin/contracts';
import type { Logger, Metrics, NatsHandle } from '@tocsin/service-kit';
import type { Hosted } from './hosted.js';

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
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What a worker's handler is told beside the event. */
export interface WorkContext {
  readonly event: LoggedEvent;
  /** 1 the first time */
  readonly deliveryCount: number;
  /** not an error: comes again after this long */
  retryAfter(delayMs: number): void;
}

export function workerHost(_options: WorkerOptions): Hosted {
  throw new Error('not written yet');
}
