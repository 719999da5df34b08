import { appendEvents, type FoldContext, type InputEvent } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';
import { mutedEvent } from '../deliveries.js';
import { DELIVERIES } from '../notifier.js';
import type { Wake } from '../sending/wake.js';
import { foldSubscriptions } from '../subscriptions/fold-subscriptions.js';
import { saveSubscriptions } from '../subscriptions/subscription.store.js';
import { loadKnown, savePlan } from './plan.store.js';
import { planBatch } from './plan-batch.js';
import { saveProviders } from './provider.store.js';
import { replan } from './redrive.store.js';
import { restoreOutcomes } from './restore.store.js';

/** Providers, subscriptions, alert events and who is told of them. A rebuild sends nothing and appends nothing. */
export async function foldBatch(
  events: readonly InputEvent[],
  { tx, mode, afterCommit }: FoldContext,
  {
    wake,
    subscriptionWake,
    now,
  }: { readonly wake: Wake; readonly subscriptionWake: Wake; readonly now: () => Instant },
): Promise<void> {
  // 1. load
  const known = await loadKnown(tx, events);
  // 2. decide
  const plan = planBatch(events, known, now());
  const subscriptions = foldSubscriptions(events);
  // 3. write
  await saveSubscriptions(tx, subscriptions);
  await saveProviders(tx, plan.providers, mode, now());
  const fresh = await savePlan(
    tx,
    plan,
    mode === 'live' ? plan.notifications : await restoreOutcomes(tx, plan.notifications),
  );
  if (mode === 'rebuild') return;
  const redriven = await replan(tx, plan.redrives, now());
  // 4. publish
  const muted = fresh.filter(({ state }) => state === 'muted');
  await appendEvents(
    tx,
    DELIVERIES,
    muted.map((row) => mutedEvent(row, row.reason ?? '', row.planned_at)),
  );
  const toSend = fresh.filter(({ state }) => state === 'planned');
  const providers = [
    ...[...toSend, ...redriven].map(({ provider_id }) => provider_id),
    ...plan.providers.map(({ id }) => id),
  ];
  const configured = subscriptions.map(({ id }) => id);
  await wake.inTransaction(tx, providers);
  await subscriptionWake.inTransaction(tx, configured);
  afterCommit(() => {
    wake.here(providers);
    subscriptionWake.here(configured);
  });
}
