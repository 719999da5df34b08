import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Fold, InputEvent, ProjectionContext } from '@tocsin/event-log';
import { SERVICE } from './notifier.js';
import type { TestRequest } from './provider-test/test.request.js';
import type { createTestProvider } from './provider-test/test-provider.js';
import type { createTestSubscription } from './subscriptions/test-subscription.js';

export const FOLD = Symbol('fold');
export const TEST_PROVIDER = Symbol('test provider');
export const TEST_SUBSCRIPTION = Symbol('test subscription');

@Controller()
export class NotifierController {
  constructor(
    @Inject(FOLD) private readonly foldBatch: Fold,
    @Inject(TEST_PROVIDER) private readonly testProvider: ReturnType<typeof createTestProvider>,
    @Inject(TEST_SUBSCRIPTION) private readonly testSubscription: ReturnType<typeof createTestSubscription>,
  ) {}

  @EventPattern<string>(SERVICE)
  async fold(@Payload() events: InputEvent[], @Ctx() context: ProjectionContext): Promise<void> {
    await this.foldBatch(events, context.fold);
  }

  @EventPattern<string>('test-provider')
  async test(@Payload() { asked, respond }: TestRequest): Promise<void> {
    respond(await this.testProvider(asked));
  }

  @EventPattern<string>('test-subscription')
  async ping(@Payload() { asked, respond }: TestRequest): Promise<void> {
    respond(await this.testSubscription(asked));
  }
}
