import { Controller, Inject } from '@nestjs/common';
import type { CronPreview, CronPreviewInput } from '@tocsin/http-api';
import { cronProblem, nextCronSlots } from '@tocsin/monitoring';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock } from '../wiring.js';
import { NEXT_RUNS } from './job.js';

@Controller()
export class CronController {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  @Endpoint('previewCron')
  preview(@GetCall() { body: schedule }: Call<CronPreviewInput>): CronPreview {
    const problem = cronProblem(schedule.cron);
    return problem === undefined
      ? { nextRuns: nextCronSlots(schedule, this.clock(), NEXT_RUNS) }
      : { nextRuns: [], problem };
  }
}
