import type { MonitorBulkAnswer, MonitorBulkInput } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { type Changes, recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import type { MonitorRow } from '../database.js';
import type { Call, Caller } from '../http/call.js';
import type { Clock } from '../wiring.js';
import { configuredOf } from './monitor.js';

/** Small enough that nobody who changes one of them by hand waits long. */
const AT_ONCE = 50;

type Outcome = MonitorBulkAnswer['items'][number]['outcome'];

export interface BulkDeps {
  readonly changes: Changes;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What was done stays done when a later part fails: each id says what became of it. */
export async function changeMonitors(
  { changes, logger, clock }: BulkDeps,
  { caller, body }: Call<MonitorBulkInput>,
): Promise<MonitorBulkAnswer> {
  const ids = [...new Set(body.ids)];
  const outcomes = new Map<string, Outcome>();
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const part = ids.slice(start, start + AT_ONCE);
    try {
      const done = await changes.commit((tx) => changePart(tx, caller, { ...body, ids: part }, clock()));
      for (const id of part) outcomes.set(id, done.get(id) ?? 'not_found');
    } catch (error) {
      logger.error({ err: error }, 'many monitors at once: a part of them could not be changed');
      for (const id of part) outcomes.set(id, 'failed');
    }
  }
  return { items: body.ids.map((id) => ({ id, outcome: outcomes.get(id) ?? 'failed' })) };
}

async function changePart(
  tx: Tx,
  caller: Caller,
  { action, ids }: MonitorBulkInput,
  now: Instant,
): Promise<ReadonlyMap<string, Outcome>> {
  // In the order of ids, so that two who change the same ones take turns and do not hold each other up.
  const rows = await tx
    .selectFrom('config.monitors')
    .select(['id', 'enabled', 'revision'])
    .where('project', '=', caller.project)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute();
  const changed =
    action === 'delete' ? rows : rows.filter(({ enabled }) => enabled !== (action === 'resume'));
  const changedIds = changed.map(({ id }) => id);
  if (changedIds.length > 0)
    await (action === 'delete'
      ? remove(tx, caller, changed, now)
      : switchAll(tx, caller, changedIds, action === 'resume', now));
  const isChanged = new Set(changedIds);
  return new Map(rows.map(({ id }) => [id, isChanged.has(id) ? 'done' : 'unchanged']));
}

/** Settings are not parsed, as when a single one is switched. */
async function switchAll(
  tx: Tx,
  caller: Caller,
  ids: readonly string[],
  enabled: boolean,
  now: Instant,
): Promise<void> {
  const rows = await tx
    .updateTable('config.monitors')
    .set({
      enabled,
      revision: sql<number>`revision + 1`,
      updated_at: now,
      ...(enabled ? { enabled_at: now } : {}),
    })
    .where('id', 'in', [...ids])
    .returningAll()
    .execute();
  await recordChanges(
    tx,
    rows.map((row) =>
      configEvent('MonitorConfigured', { kind: 'monitor', id: row.id }, caller, now, configuredOf(row)),
    ),
  );
}

async function remove(
  tx: Tx,
  caller: Caller,
  rows: readonly Pick<MonitorRow, 'id' | 'revision'>[],
  now: Instant,
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  await tx.deleteFrom('config.monitors').where('id', 'in', ids).execute();
  await tx.deleteFrom('config.secret').where('record_id', 'in', ids).execute();
  await recordChanges(
    tx,
    rows.map(({ id, revision }) =>
      configEvent('MonitorDeleted', { kind: 'monitor', id }, caller, now, {
        monitorId: id,
        revision: revision + 1,
      }),
    ),
  );
}
