import { Controller, Inject } from '@nestjs/common';
import type {
  allRunsQuery,
  MissedRunsView,
  missedRunsQuery,
  Page,
  RunDetail,
  RunView,
  runListQuery,
} from '@tocsin/http-api';
import type { z } from 'zod';
import { notFound } from '../../changes/revision.js';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database, PUBLIC_URL } from '../../wiring.js';
import { requireTarget } from '../target.store.js';
import { listMissedRuns } from './missed-runs.store.js';
import { findRun, listRuns, showRun } from './runs.store.js';

@Controller()
export class RunsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  @Endpoint('listRuns')
  async list(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof runListQuery>>,
  ): Promise<Page<RunView>> {
    await requireTarget(this.db, caller.project, 'job', id);
    return await listRuns(this.db, { project: caller.project, jobId: id }, query, this.clock());
  }

  @Endpoint('listMissedRuns')
  async missed(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof missedRunsQuery>>,
  ): Promise<Page<MissedRunsView>> {
    await requireTarget(this.db, caller.project, 'job', id);
    return await listMissedRuns(this.db, id, query);
  }

  @Endpoint('listAllRuns')
  listAll(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof allRunsQuery>>,
  ): Promise<Page<RunView>> {
    const { jobId } = query;
    return listRuns(this.db, { project: caller.project, jobId }, query, this.clock());
  }

  @Endpoint('getRun')
  async get(@GetCall() { caller, id, origin }: Call): Promise<RunDetail> {
    const run = await findRun(this.db, caller.project, id);
    if (run === undefined) throw notFound('run');
    return await showRun(this.db, run, this.clock(), this.publicUrl ?? origin);
  }
}
