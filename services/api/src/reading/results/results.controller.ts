import { Controller, Inject } from '@nestjs/common';
import type {
  locationStatsQuery,
  MonitorLocations,
  Page,
  ResultView,
  StatsView,
  StatusChangeView,
  statsQuery,
  statusHistoryQuery,
} from '@tocsin/http-api';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../../wiring.js';
import { locationStats } from '../stats/locations.store.js';
import { windowOf } from '../stats/stats.js';
import { monitorStats } from '../stats/stats.store.js';
import { requireTarget } from '../target.store.js';
import { listResults, type ResultQuery } from './results.store.js';
import { listStatusChanges } from './status-history.store.js';

@Controller()
export class ResultsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('listResults')
  async results(@GetCall() { caller, id, query }: Call<unknown, ResultQuery>): Promise<Page<ResultView>> {
    await requireTarget(this.db, caller.project, 'monitor', id);
    return listResults(this.db, id, query);
  }

  @Endpoint('getMonitorStats')
  async stats(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof statsQuery>>,
  ): Promise<StatsView> {
    await requireTarget(this.db, caller.project, 'monitor', id);
    const window = windowOf(query.period, this.clock());
    return monitorStats(this.db, { monitorId: id, location: query.location, window });
  }

  @Endpoint('getMonitorLocations')
  async locations(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof locationStatsQuery>>,
  ): Promise<MonitorLocations> {
    await requireTarget(this.db, caller.project, 'monitor', id);
    const window = windowOf(query.period, this.clock());
    const items = await locationStats(this.db, id, window);
    return { from: window.from, to: window.to, items };
  }

  @Endpoint('listStatusChanges')
  async statusChanges(
    @GetCall() { caller, id, query }: Call<unknown, z.output<typeof statusHistoryQuery>>,
  ): Promise<Page<StatusChangeView>> {
    await requireTarget(this.db, caller.project, 'monitor', id);
    return listStatusChanges(this.db, id, query);
  }
}
