import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Fold, InputEvent, ProjectionContext } from '@tocsin/event-log';
import { SERVICE } from './result-projector.js';

export const FOLD = Symbol('fold');

@Controller()
export class ResultsController {
  constructor(@Inject(FOLD) private readonly foldBatch: Fold) {}

  @EventPattern<string>(SERVICE)
  async fold(@Payload() events: InputEvent[], @Ctx() context: ProjectionContext): Promise<void> {
    await this.foldBatch(events, context.fold);
  }
}
