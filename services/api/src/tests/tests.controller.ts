import { Controller, Inject } from '@nestjs/common';
import {
  type Page,
  type TestInput,
  type TestPatch,
  type TestSummary,
  type TestUsage,
  type TestVersionView,
  type TestView,
  testCursor,
  type testDeleteQuery,
  type testListQuery,
  testVersionCursor,
  type testVersionQuery,
} from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { patched } from '../changes/owner.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { createTest, reviseTest } from './change-test.store.js';
import { deleteTest } from './delete-test.store.js';
import { summaryOf, versionViewOf, viewOf } from './test.js';
import { findTest, listTests, listTestVersions, usageOf } from './test.store.js';

@Controller()
export class TestsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('listTests')
  async list(@GetCall() { caller, query }: Call<unknown, z.output<typeof testListQuery>>) {
    const rows = await listTests(this.db, caller.project, query);
    const { items, nextCursor } = pageFrom(rows, query.limit, ({ id }) => testCursor.encode([id]));
    return { items: items.map(summaryOf), nextCursor } satisfies Page<TestSummary>;
  }

  @Endpoint('createTest')
  create(@GetCall() call: Call<TestInput>): Promise<TestView> {
    return this.changes.accept(call, async (tx) => viewOf(await createTest(tx, call, this.clock())));
  }

  @Endpoint('getTest')
  async get(@GetCall() { caller, id }: Call): Promise<TestView> {
    return viewOf(await findTest(this.db, caller.project, id));
  }

  @Endpoint('replaceTest')
  replace(@GetCall() call: Call): Promise<TestView> {
    return this.#revise(call, () => call.body);
  }

  @Endpoint('updateTest')
  update(@GetCall() call: Call<TestPatch>): Promise<TestView> {
    return this.#revise(call, (shown) => patched(shown, call.body));
  }

  @Endpoint('deleteTest')
  remove(@GetCall() call: Call<unknown, z.output<typeof testDeleteQuery>>): Promise<void> {
    const force = call.query.force ?? false;
    return this.changes.accept(call, (tx) => deleteTest(tx, call, force, this.clock()));
  }

  @Endpoint('listTestVersions')
  async versions(@GetCall() { caller, id, query }: Call<unknown, z.output<typeof testVersionQuery>>) {
    await findTest(this.db, caller.project, id);
    const rows = await listTestVersions(this.db, id, query);
    const page = pageFrom(rows, query.limit, ({ revision }) => testVersionCursor.encode([revision]));
    return {
      items: page.items.map(versionViewOf),
      nextCursor: page.nextCursor,
    } satisfies Page<TestVersionView>;
  }

  @Endpoint('getTestUsage')
  async usage(@GetCall() { caller, id }: Call): Promise<TestUsage> {
    await findTest(this.db, caller.project, id);
    return await usageOf(this.db, id);
  }

  #revise(call: Call, next: (shown: JsonObject) => unknown): Promise<TestView> {
    return this.changes.accept(call, async (tx) => viewOf(await reviseTest(tx, call, next, this.clock())));
  }
}
