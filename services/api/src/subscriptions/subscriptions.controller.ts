import { Controller, Inject } from '@nestjs/common';
import {
  mergePatch,
  type Page,
  type SubscriptionAttempt,
  type SubscriptionInput,
  type SubscriptionPatch,
  type SubscriptionView,
  subscriptionAttemptCursor,
  type subscriptionAttemptQuery,
  subscriptionCursor,
  type subscriptionListQuery,
} from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import * as wiring from '../wiring.js';
import { createSubscription, reviseSubscription } from './change-subscription.store.js';
import { viewOf } from './subscription.js';
import { deleteSubscription, findSubscription, listSubscriptions } from './subscription.store.js';
import { listAttempts, renewed, subscriptionStates, UNTOLD } from './subscription-state.store.js';

@Controller()
export class SubscriptionsController {
  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(wiring.EVENT_LOG) private readonly log: wiring.Log,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.SECRET_KEYS) private readonly keys: wiring.SecretKeys,
  ) {}

  @Endpoint('listSubscriptions')
  async list(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof subscriptionListQuery>>,
  ): Promise<Page<SubscriptionView>> {
    const rows = await listSubscriptions(this.db, caller.project, query);
    const { items, nextCursor } = pageFrom(rows, query.limit, ({ id }) => subscriptionCursor.encode([id]));
    const told = await subscriptionStates(this.db, this.log, items);
    return { items: items.map((row) => viewOf(row, told(row.id))), nextCursor };
  }

  @Endpoint('createSubscription')
  create(@GetCall() call: Call<SubscriptionInput>): Promise<SubscriptionView> {
    return this.changes.accept(call, async (tx) => {
      const { row, signingSecret } = await createSubscription(tx, call, this.keys, this.clock());
      return viewOf(row, UNTOLD, signingSecret);
    });
  }

  @Endpoint('getSubscription')
  async get(@GetCall() { caller, id }: Call): Promise<SubscriptionView> {
    const row = await findSubscription(this.db, caller.project, id);
    const told = await subscriptionStates(this.db, this.log, [row]);
    return viewOf(row, told(id));
  }

  @Endpoint('replaceSubscription')
  replace(@GetCall() call: Call): Promise<SubscriptionView> {
    return this.#revise(call, () => call.body);
  }

  @Endpoint('updateSubscription')
  update(@GetCall() call: Call<SubscriptionPatch>): Promise<SubscriptionView> {
    return this.#revise(call, (shown) => mergePatch(shown, call.body as unknown as JsonObject));
  }

  @Endpoint('deleteSubscription')
  remove(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, (tx) => deleteSubscription(tx, call, this.clock()));
  }

  @Endpoint('listSubscriptionAttempts')
  async attempts(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof subscriptionAttemptQuery>>,
  ): Promise<Page<SubscriptionAttempt>> {
    await findSubscription(this.db, caller.project, id);
    const { cursor, limit } = query;
    const [before] =
      cursor === undefined ? [Number.MAX_SAFE_INTEGER] : subscriptionAttemptCursor.decode(cursor);
    const found = await listAttempts(this.db, id, before, limit);
    return pageFrom(found, limit, ({ number }) => subscriptionAttemptCursor.encode([number]));
  }

  async #revise(call: Call, next: (shown: JsonObject) => unknown): Promise<SubscriptionView> {
    const row = await findSubscription(this.db, call.caller.project, call.id);
    const told = await subscriptionStates(this.db, this.log, [row]);
    return await this.changes.accept(call, async (tx) => {
      const changed = await reviseSubscription(tx, call, next, this.keys, this.clock());
      const before = told(call.id);
      const after = changed.row.revision === row.revision ? before : renewed(before);
      return viewOf(changed.row, after, changed.signingSecret);
    });
  }
}
