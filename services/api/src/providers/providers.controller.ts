import { Controller, Inject } from '@nestjs/common';
import {
  type Page,
  type ProviderInput,
  type ProviderPatch,
  type ProviderUsage,
  type ProviderView,
  providerCursor,
  type providerDeleteQuery,
  type providerListQuery,
} from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { patched } from '../changes/owner.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { providerHealth } from '../reading/provider-health.store.js';
import * as wiring from '../wiring.js';
import { createProvider, reviseProvider } from './change-provider.store.js';
import { deleteProvider } from './delete-provider.store.js';
import { viewOf } from './provider.js';
import { findProvider, listProviders, usageOf } from './provider.store.js';

@Controller()
export class ProvidersController {
  constructor(
    @Inject(wiring.DATABASE) private readonly db: wiring.Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(wiring.CLOCK) private readonly clock: wiring.Clock,
    @Inject(wiring.SECRET_KEYS) private readonly keys: wiring.SecretKeys,
  ) {}

  @Endpoint('listNotificationProviders')
  async list(
    @GetCall() call: Call<unknown, z.output<typeof providerListQuery>>,
  ): Promise<Page<ProviderView>> {
    const rows = await listProviders(this.db, call.caller.project, call.query);
    const page = pageFrom(rows, call.query.limit, ({ id }) => providerCursor.encode([id]));
    const ids = page.items.map(({ id }) => id);
    const health = await providerHealth(this.db, ids);
    return { items: page.items.map((row) => viewOf(row, health(row.id))), nextCursor: page.nextCursor };
  }

  @Endpoint('createNotificationProvider')
  async create(@GetCall() call: Call<ProviderInput>): Promise<ProviderView> {
    const health = await providerHealth(this.db, []);
    return await this.changes.accept(call, async (tx) => {
      const row = await createProvider(tx, call, this.keys, this.clock());
      return viewOf(row, health(row.id));
    });
  }

  @Endpoint('getNotificationProvider')
  async get(@GetCall() { caller, id }: Call): Promise<ProviderView> {
    const row = await findProvider(this.db, caller.project, id);
    const health = await providerHealth(this.db, [id]);
    return viewOf(row, health(id));
  }

  @Endpoint('replaceNotificationProvider')
  replace(@GetCall() call: Call): Promise<ProviderView> {
    return this.#revise(call, () => call.body);
  }

  @Endpoint('updateNotificationProvider')
  update(@GetCall() call: Call<ProviderPatch>): Promise<ProviderView> {
    return this.#revise(call, (shown) => patched(shown, call.body));
  }

  @Endpoint('deleteNotificationProvider')
  remove(@GetCall() call: Call<unknown, z.output<typeof providerDeleteQuery>>): Promise<void> {
    const force = call.query.force ?? false;
    return this.changes.accept(call, (tx) => deleteProvider(tx, call, force, this.clock()));
  }

  @Endpoint('getNotificationProviderUsage')
  async usage(@GetCall() { caller, id }: Call): Promise<ProviderUsage> {
    await findProvider(this.db, caller.project, id);
    return await usageOf(this.db, id);
  }

  async #revise(call: Call, next: (shown: JsonObject) => unknown): Promise<ProviderView> {
    const health = await providerHealth(this.db, [call.id]);
    return await this.changes.accept(call, async (tx) =>
      viewOf(await reviseProvider(tx, call, next, this.keys, this.clock()), health(call.id)),
    );
  }
}
