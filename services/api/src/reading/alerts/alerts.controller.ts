import { Controller, Inject } from '@nestjs/common';
import type {
  AlertCounts,
  AlertDetail,
  AlertHistoryRow,
  AlertItem,
  AlertListQuery,
  alertHistoryQuery,
  Page,
} from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { z } from 'zod';
import { type Call, GetCall } from '../../http/call.js';
import { Endpoint } from '../../http/route-of.js';
import { DATABASE, type Database } from '../../wiring.js';
import { countAlerts } from './alert-counts.store.js';
import { listAlertHistory } from './alert-history.store.js';
import { findAlert, listAlerts } from './alerts.store.js';

@Controller()
export class AlertReadingController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Endpoint('listAlerts')
  list(@GetCall() { caller, query }: Call<unknown, AlertListQuery>): Promise<Page<AlertItem>> {
    return listAlerts(this.db, caller.project, query);
  }

  @Endpoint('countAlerts')
  counts(@GetCall() { caller }: Call): Promise<AlertCounts> {
    return countAlerts(this.db, caller.project);
  }

  // Before `alerts/{id}`, which would take "history" for an id.
  @Endpoint('listAlertHistory')
  history(
    @GetCall() { caller, query }: Call<unknown, z.output<typeof alertHistoryQuery>>,
  ): Promise<Page<AlertHistoryRow>> {
    return listAlertHistory(this.db, caller.project, query);
  }

  @Endpoint('getAlert')
  async get(@GetCall() { caller, id }: Call): Promise<AlertDetail> {
    const alert = await findAlert(this.db, caller.project, id);
    if (alert === undefined) throw new DomainError('not_found', `there is no alert ${id}`);
    return alert;
  }
}
