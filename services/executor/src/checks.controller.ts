import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { WorkContext, WorkerContext } from '@tocsin/event-log';
import type { TestCheckAnswer, TestCheckRequest } from './test-check.request.js';

export const CHECK_WORKER = Symbol('CHECK_WORKER');
export const TEST_CHECK = Symbol('TEST_CHECK');

@Controller()
export class ChecksController {
  constructor(
    @Inject(CHECK_WORKER) private readonly work: (work: WorkContext) => Promise<void>,
    @Inject(TEST_CHECK) private readonly test: (asked: unknown) => Promise<TestCheckAnswer>,
  ) {}

  @EventPattern('checks')
  async onCheckDue(@Ctx() context: WorkerContext): Promise<void> {
    await this.work(context.work);
  }

  @EventPattern('test-check')
  async onTestCheck(@Payload() request: TestCheckRequest): Promise<void> {
    request.respond(await this.test(request.asked));
  }
}
