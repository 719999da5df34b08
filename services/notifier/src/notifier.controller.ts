import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Fold, InputEvent, ProjectionContext } from '@tocsin/event-log';
import { SERVICE } from './notifier.js';
import type { createTestProvider } from './provider-test/test-provider.js';
import type { TestProviderRequest } from './provider-test/test-provider.request.js';

export const FOLD = Symbol('fold');
export const TEST_PROVIDER = Symbol('test provider');

@Controller()
export class NotifierController {
  constructor(
    @Inject(FOLD) private readonly foldBatch: Fold,
    @Inject(TEST_PROVIDER) private readonly testProvider: ReturnType<typeof createTestProvider>,
  ) {}

  @EventPattern<string>(SERVICE)
  async fold(@Payload() events: InputEvent[], @Ctx() context: ProjectionContext): Promise<void> {
    await this.foldBatch(events, context.fold);
  }

  @EventPattern<string>('test-provider')
  async test(@Payload() { asked, respond }: TestProviderRequest): Promise<void> {
    respond(await this.testProvider(asked));
  }
}
