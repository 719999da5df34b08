import type { Tx } from '../changes/change.store.js';
import { recordChanges } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import type { MonitorRow } from '../database.js';
import type { Caller } from '../http/call.js';
import { linkMonitor, requireProviders } from '../providers/provider-links.store.js';
import { requireTestOf } from '../tests/test-links.store.js';
import type { Database } from '../wiring.js';
import { configuredOf } from './monitor.js';

export async function findMonitor(db: Database, project: string, id: string): Promise<MonitorRow> {
  const row = await db
    .selectFrom('config.monitors')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project)
    .executeTakeFirst();
  if (row === undefined) throw notFound('monitor');
  return row;
}

/** Held until the commit: changes of one monitor take turns. */
export async function lockMonitor(tx: Tx, project: string, id: string): Promise<MonitorRow> {
  const row = await tx
    .selectFrom('config.monitors')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw notFound('monitor');
  return row;
}

/** Row, links and event of a monitor that is new or changed. */
export async function saveMonitor(tx: Tx, caller: Caller, row: MonitorRow): Promise<void> {
  const providers = row.alert_config.notificationProviders;
  await requireProviders(tx, row.project, providers);
  await requireTestOf(tx, row);
  const { id, ...changed } = row;
  await tx
    .insertInto('config.monitors')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await linkMonitor(tx, id, providers);
  await recordChanges(tx, [
    configEvent('MonitorConfigured', { kind: 'monitor', id }, caller, row.updated_at, configuredOf(row)),
  ]);
}
