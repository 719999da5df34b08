import { Controller, Inject } from '@nestjs/common';
import type { runNowAnswer } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { z } from 'zod';
import { CHANGES, type Changes } from '../changes/change.store.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database, EVENT_LOG, type Log } from '../wiring.js';
import { findMonitor } from './monitor.store.js';
import { checksNow } from './run-now.js';

const PUBLISH_WITHIN_MS = 5_000;

@Controller()
export class RunNowController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(EVENT_LOG) private readonly log: Log,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('runMonitor')
  run(@GetCall() call: Call): Promise<z.output<typeof runNowAnswer>> {
    return this.changes.act(call, async () => {
      const monitor = await findMonitor(this.db, call.caller.project, call.id);
      const slot = this.clock();
      const signal = AbortSignal.timeout(PUBLISH_WITHIN_MS);
      const checks = checksNow(monitor, slot);
      await Promise.all(checks.map((check) => this.log.publish(check, { signal }))).catch(
        (error: unknown) => {
          if (!signal.aborted) throw error;
          throw new DomainError('unavailable', 'the event log does not answer: try again soon');
        },
      );
      return { monitorId: monitor.id, slot, locations: [...monitor.locations] };
    });
  }
}
