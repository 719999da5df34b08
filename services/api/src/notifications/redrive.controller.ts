import { Controller, Inject } from '@nestjs/common';
import type { redriveAnswer } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import { CHANGES, type Changes, recordChanges } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import { type Call, GetCall } from '../http/call.js';
import { Endpoint } from '../http/route-of.js';
import { unlessMissing } from '../reading/missing-view.js';
import { CLOCK, type Clock, DATABASE, type Database } from '../wiring.js';

interface NotificationRow {
  readonly target_id: string;
  readonly state: string;
}

@Controller()
export class RedriveController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(CHANGES) private readonly changes: Changes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Endpoint('redriveNotification')
  async redrive(@GetCall() call: Call): Promise<z.output<typeof redriveAnswer>> {
    const { caller, id } = call;
    const { target_id: targetId, state } = await this.#find(caller.project, id);
    return await this.changes.accept(call, async (tx) => {
      if (state !== 'failed')
        throw new DomainError('conflict', `the notification is ${state}: only what failed can be sent again`);
      const now = this.clock();
      const about = { kind: 'redrive', id, entityId: targetId } as const;
      const change = { notificationId: id, targetId };
      await recordChanges(tx, [configEvent('RedriveRequested', about, caller, now, change)]);
      return { notificationId: id, requestedAt: now };
    });
  }

  async #find(project: string, id: string): Promise<NotificationRow> {
    const { rows } = await unlessMissing(
      sql<NotificationRow>`select target_id, state from notifier.notification
        where id = ${id} and project = ${project}`.execute(this.db),
      { rows: [] },
    );
    if (rows[0] === undefined) throw notFound('notification');
    return rows[0];
  }
}
