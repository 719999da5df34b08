import { Controller, Inject } from '@nestjs/common';
import type { AcknowledgeInput, AlertDetail } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import { CHANGES, type Changes, recordChanges } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { findAlert } from '../reading/alerts/alerts.store.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';

@Controller()
export class AcknowledgeController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The answer shows it as given; whether it still counted is the evaluator's to say, on the alert log. */
  @Endpoint('acknowledgeAlert')
  async acknowledge(@GetCall() call: Call<AcknowledgeInput>): Promise<AlertDetail> {
    const { caller, id, body } = call;
    const alert = await findAlert(this.db, caller.project, id);
    if (alert === undefined) throw notFound('alert');
    return await this.changes.accept(call, async (tx) => {
      if (alert.acknowledgedAt !== null) return alert;
      if (alert.state === 'resolved')
        throw new DomainError('conflict', 'the alert is resolved: there is nothing left to acknowledge');
      const now = this.clock();
      const about = { kind: 'ack', id, entityId: alert.targetId } as const;
      const change = { alertId: id, targetId: alert.targetId, note: body.note };
      await recordChanges(tx, [configEvent('AcknowledgementGiven', about, caller, now, change)]);
      return {
        ...alert,
        acknowledgedAt: now,
        acknowledgedBy: caller.name,
        acknowledgement: { at: now, by: caller.name, note: body.note },
      };
    });
  }
}
