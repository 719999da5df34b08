import { type Fold, type Replayable, replayCommand } from '@tocsin/event-log';
import { parseConfig } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { notifierConfig } from './config.js';
import { PROJECTION, SCHEMA, SERVICE } from './notifier.js';
import { loadKnown, savePlan } from './planning/plan.store.js';
import { planBatch } from './planning/plan-batch.js';
import { saveProviders } from './planning/provider.store.js';
import { foldSubscriptions } from './subscriptions/fold-subscriptions.js';
import { saveSubscriptions } from './subscriptions/subscription.store.js';

/** Providers, subscriptions and alert events, and nobody is planned to be told: who was is a fact of this service and on no stream. */
const foldBeside: Fold<unknown> = async (events, { tx }) => {
  const known = await loadKnown(tx, events);
  const plan = planBatch(events, known, '');
  await saveProviders(tx, plan.providers, 'rebuild', '');
  await saveSubscriptions(tx, foldSubscriptions(events));
  await savePlan(tx, plan, []);
};

/** Messages about providers that fail are written by the sender. */
const ON_THE_LOG = `t.type <> 'provider.failing'`;

export const replayableNotifier: Replayable = {
  service: SERVICE,
  schema: SCHEMA,
  projections: [{ projection: PROJECTION, createFold: () => foldBeside }],
  tables: [
    { name: 'alert_event', key: ['id'], role: 'folded', compared: async () => ON_THE_LOG },
    { name: 'provider', key: ['id'], role: 'folded' },
    { name: 'subscription', key: ['id'], role: 'folded' },
  ],
  beforeSwap: async (tx, { live, shadow }) => {
    await sql`insert into ${sql.id(shadow, 'alert_event')}
      select t.* from ${sql.id(live, 'alert_event')} as t where not (${sql.raw(ON_THE_LOG)})
      on conflict (id) do nothing`.execute(tx);
  },
};

/** `node dist/main.js replay …`. @returns the exit code */
export async function replayNotifier(args: readonly string[]): Promise<number> {
  const needed = notifierConfig.pick({ DATABASE_URL: true, NATS_URL: true });
  return await replayCommand(replayableNotifier, parseConfig(needed, process.env), args);
}
