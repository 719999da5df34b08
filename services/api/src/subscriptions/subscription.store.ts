import { subscriptionCursor, type subscriptionListQuery } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound, requireRevision } from '../changes/revision.js';
import type { SubscriptionRow } from '../database.js';
import type { Call, Caller } from '../http/call.js';
import { removeSecrets } from '../secrets/secret.store.js';
import type { Database } from '../wiring.js';
import { configuredOf } from './subscription.js';

/** Each costs the notifier a place to wait in. */
const MOST_IN_PROJECT = 200;

const subscriptionOf = (db: Database, project: string, id: string) =>
  db.selectFrom('config.subscriptions').selectAll().where('id', '=', id).where('project', '=', project);

export async function findSubscription(db: Database, project: string, id: string): Promise<SubscriptionRow> {
  const row = await subscriptionOf(db, project, id).executeTakeFirst();
  if (row === undefined) throw notFound('subscription');
  return row;
}

/** Held until the commit. */
export async function lockSubscription(tx: Tx, project: string, id: string): Promise<SubscriptionRow> {
  const row = await subscriptionOf(tx, project, id).forUpdate().executeTakeFirst();
  if (row === undefined) throw notFound('subscription');
  return row;
}

/** One more than asked for, so that the page knows whether it is the last. */
export async function listSubscriptions(
  db: Database,
  project: string,
  { cursor, limit, enabled }: z.output<typeof subscriptionListQuery>,
): Promise<SubscriptionRow[]> {
  const [after] = cursor === undefined ? [undefined] : subscriptionCursor.decode(cursor);
  return await db
    .selectFrom('config.subscriptions')
    .selectAll()
    .where('project', '=', project)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .$if(enabled !== undefined, (q) => q.where('enabled', '=', enabled!))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
}

/** @throws DomainError `conflict` when the project has as many as it may have */
export async function requireRoom(tx: Tx, project: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`subscriptions:${project}`}))`.execute(tx);
  const { count } = await tx
    .selectFrom('config.subscriptions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('project', '=', project)
    .executeTakeFirstOrThrow();
  if (count >= MOST_IN_PROJECT)
    throw new DomainError(
      'conflict',
      `the project has ${MOST_IN_PROJECT} subscriptions: delete one that is not needed, or subscribe over NATS`,
    );
}

/** Row and event of a subscription that is new or changed. */
export async function saveSubscription(tx: Tx, caller: Caller, row: SubscriptionRow): Promise<void> {
  const { id, ...changed } = row;
  await tx
    .insertInto('config.subscriptions')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  const about = { kind: 'subscription', id } as const;
  await recordChanges(tx, [
    configEvent('SubscriptionConfigured', about, caller, row.updated_at, configuredOf(row)),
  ]);
}

export async function deleteSubscription(tx: Tx, call: Call, now: Instant): Promise<void> {
  const { caller } = call;
  const { id, revision } = await lockSubscription(tx, caller.project, call.id);
  requireRevision(call, revision);
  await tx.deleteFrom('config.subscriptions').where('id', '=', id).execute();
  await removeSecrets(tx, id);
  const change = { subscriptionId: id, revision: revision + 1 };
  const about = { kind: 'subscription', id } as const;
  await recordChanges(tx, [configEvent('SubscriptionDeleted', about, caller, now, change)]);
}
