import { BaseRpcContext } from '@nestjs/microservices';
import type { LoggedEvent } from '@tocsin/contracts';
import type { FoldContext } from './projection.js';

/** What a worker's handler is told beside the event. */
export interface WorkContext {
  readonly event: LoggedEvent;
  /** 1 the first time */
  readonly deliveryCount: number;
  /** not an error: comes again after this long, milliseconds */
  readonly retryAfter: (delayMs: number) => void;
}

/** `@Ctx()` of a projection's handler. */
export class ProjectionContext<DB = unknown> extends BaseRpcContext<[FoldContext<DB>]> {
  get fold(): FoldContext<DB> {
    return this.getArgByIndex(0) as FoldContext<DB>;
  }
}

/** `@Ctx()` of a worker's handler. */
export class WorkerContext extends BaseRpcContext<[WorkContext]> {
  get work(): WorkContext {
    return this.getArgByIndex(0) as WorkContext;
  }
}
