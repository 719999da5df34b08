import { Controller, Inject } from '@nestjs/common';
import type { RunDetail } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { notFound } from '../changes/revision.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { findRun, showRun } from '../reading/runs/runs.store.js';
import { CLOCK, type Clock, DATABASE, type Database, PUBLIC_URL } from '../wiring.js';
import { cancelRun } from './cancel-run.store.js';

@Controller()
export class CancelController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  /** The answer shows that it was asked for; the run is over when whoever has it says so. */
  @Endpoint('cancelRun')
  async cancel(@GetCall() call: Call): Promise<RunDetail> {
    const { caller, id, origin } = call;
    const run = await findRun(this.db, caller.project, id);
    if (run === undefined) throw notFound('run');
    const shown = await showRun(this.db, run, this.clock(), this.publicUrl ?? origin);
    return await this.changes.accept(call, async (tx) => {
      if (run.status !== 'queued' && run.status !== 'running')
        throw new DomainError('conflict', `the run is over (${run.status}): there is nothing to end`);
      return { ...shown, cancelRequestedAt: await cancelRun(tx, caller, run, this.clock()) };
    });
  }
}
