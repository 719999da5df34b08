import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { WorkContext, WorkerContext } from '@tocsin/event-log';
import type { CancelRun } from './cancel-run.request.js';
import type { LiveRuns } from './live-runs.js';

export const RUN_WORKER = Symbol('RUN_WORKER');
export const LIVE_RUNS = Symbol('LIVE_RUNS');

@Controller()
export class RunsController {
  constructor(
    @Inject(RUN_WORKER) private readonly work: (work: WorkContext) => Promise<void>,
    @Inject(LIVE_RUNS) private readonly live: LiveRuns,
  ) {}

  @EventPattern('runs')
  async onRunDue(@Ctx() context: WorkerContext): Promise<void> {
    await this.work(context.work);
  }

  @EventPattern('cancel-run')
  onCancelRun(@Payload() { runId }: CancelRun): void {
    this.live.cut(runId, 'cancelled');
  }
}
