import { Controller, Inject } from '@nestjs/common';
import type { Page, RunView, runListQuery } from '@tocsin/http-api';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { DATABASE, type Database } from '../../wiring.js';
import { requireTarget } from '../target.store.js';
import { listRuns } from './runs.store.js';

@Controller()
export class RunsController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Endpoint('listRuns')
  async list(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof runListQuery>>,
  ): Promise<Page<RunView>> {
    await requireTarget(this.db, caller.project, 'job', id);
    return listRuns(this.db, id, query);
  }
}
