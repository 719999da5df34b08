import { Controller, Inject } from '@nestjs/common';
import {
  type JobKeyCreated,
  type JobKeyInput,
  type JobKeyView,
  jobKeyCursor,
  type jobKeyListQuery,
  type Page,
} from '@tocsin/http-api';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { pageFrom } from '../changes/page.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { findJob, lockJob } from '../jobs/job.store.js';
import { authorOf, recordAccess } from '../people/change.store.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { insertKey, listKeys, removeKey, viewOf } from './job-key.store.js';

@Controller()
export class JobKeysController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('listJobKeys')
  async list(@GetCall() { caller, id, query }: Call<unknown, z.output<typeof jobKeyListQuery>>) {
    await findJob(this.db, caller.project, id);
    const rows = await listKeys(this.db, id, query);
    const page = pageFrom(rows, query.limit, (last) => jobKeyCursor.encode([last.id]));
    return { items: page.items.map(viewOf), nextCursor: page.nextCursor } satisfies Page<JobKeyView>;
  }

  @Endpoint('createJobKey')
  create(@GetCall() call: Call<JobKeyInput>): Promise<JobKeyCreated> {
    return this.changes.accept(call, async (tx) => {
      await lockJob(tx, call.caller.project, call.id);
      const now = this.clock();
      const made = await insertKey(tx, call.id, call.body, now);
      const { id, name, expiresAt } = made;
      const after = { jobId: call.id, name, expiresAt };
      await recordAccess(tx, authorOf(call.caller), { kind: 'key', action: 'created', id, name, after }, now);
      return made;
    });
  }

  @Endpoint('revokeJobKey')
  revoke(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, async (tx) => {
      await findJob(tx, call.caller.project, call.id);
      const { id, name } = await removeKey(tx, call.id, call.params.keyId ?? '');
      const change = { kind: 'key', action: 'deleted', id, name, before: { jobId: call.id, name } } as const;
      await recordAccess(tx, authorOf(call.caller), change, this.clock());
    });
  }
}
