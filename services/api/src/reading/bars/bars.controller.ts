import { Controller, Inject } from '@nestjs/common';
import type { MonitorBar, MonitorBars, monitorBarQuery, monitorBarsQuery } from '@tocsin/http-api';
import type { z } from 'zod';
import { notFound } from '../../changes/revision.js';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { DATABASE, type Database } from '../../wiring.js';
import { readBars } from './bars.store.js';

@Controller()
export class BarsController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Endpoint('getMonitorBars')
  async bars(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof monitorBarsQuery>>,
  ): Promise<MonitorBars> {
    return { items: await readBars(this.db, caller.project, query.ids, query.checks) };
  }

  @Endpoint('getMonitorBar')
  async bar(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof monitorBarQuery>>,
  ): Promise<MonitorBar> {
    const [bar] = await readBars(this.db, caller.project, [id], query.checks);
    if (bar === undefined) throw notFound('monitor');
    return bar;
  }
}
