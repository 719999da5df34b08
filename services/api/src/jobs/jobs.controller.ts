import { Controller, Inject } from '@nestjs/common';
import {
  type JobInput,
  type JobPatch,
  type JobView,
  jobCursor,
  type jobListQuery,
  type Page,
  type RunReport,
  type RunView,
} from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { patched } from '../changes/owner.js';
import { pageFrom } from '../changes/page.js';
import { UNSEEN } from '../changes/status-of.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { lastRuns } from '../reading/runs/last-runs.store.js';
import { targetStatuses } from '../reading/target-status.store.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';
import { createJob, deleteJob, reviseJob } from './change-job.store.js';
import { type JobSeen, viewOf } from './job.js';
import { findJob, listJobs } from './job.store.js';
import { reportRun } from './report-run.store.js';

const JOB_UNSEEN: JobSeen = { ...UNSEEN, lastRun: null };

@Controller()
export class JobsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('listJobs')
  async list(@GetCall() call: Call<unknown, z.output<typeof jobListQuery>>): Promise<Page<JobView>> {
    const rows = await listJobs(this.db, call.caller.project, call.query);
    const page = pageFrom(rows, call.query.limit, ({ id }) => jobCursor.encode([id]));
    const now = this.clock();
    const ids = page.items.map(({ id }) => id);
    const seen = await this.#seen(ids);
    return { items: page.items.map((row) => viewOf(row, seen(row.id), now)), nextCursor: page.nextCursor };
  }

  @Endpoint('createJob')
  create(@GetCall() call: Call<JobInput>): Promise<JobView> {
    const now = this.clock();
    return this.changes.accept(call, async (tx) => viewOf(await createJob(tx, call, now), JOB_UNSEEN, now));
  }

  @Endpoint('getJob')
  async get(@GetCall() { caller, id }: Call): Promise<JobView> {
    const row = await findJob(this.db, caller.project, id);
    const seen = await this.#seen([id]);
    return viewOf(row, seen(id), this.clock());
  }

  @Endpoint('replaceJob')
  replace(@GetCall() call: Call): Promise<JobView> {
    return this.#revise(call, () => call.body);
  }

  @Endpoint('updateJob')
  update(@GetCall() call: Call<JobPatch>): Promise<JobView> {
    return this.#revise(call, (shown) => patched(shown, call.body));
  }

  @Endpoint('deleteJob')
  remove(@GetCall() call: Call): Promise<void> {
    return this.changes.accept(call, (tx) => deleteJob(tx, call, this.clock()));
  }

  @Endpoint('reportRun')
  report(@GetCall() call: Call<RunReport>): Promise<RunView> {
    return this.changes.accept(call, (tx) => reportRun(tx, call, this.clock()));
  }

  async #seen(ids: readonly string[]): Promise<(id: string) => JobSeen> {
    const [status, lastRun] = await Promise.all([targetStatuses(this.db, ids), lastRuns(this.db, ids)]);
    return (id) => ({ ...status(id), lastRun: lastRun(id) });
  }

  /** The status is read before: inside, a view that is not there yet would end the transaction. */
  async #revise(call: Call, next: (shown: JsonObject) => unknown): Promise<JobView> {
    const seen = await this.#seen([call.id]);
    const now = this.clock();
    return await this.changes.accept(call, async (tx) =>
      viewOf(await reviseJob(tx, call, next, now), seen(call.id), now),
    );
  }
}
