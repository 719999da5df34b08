import type { Instant } from '@tocsin/kernel';
import type { Transaction } from 'kysely';
import { HEALTHY } from '../sending/desk.js';
import { tellOthers } from '../sending/tell-others.store.js';
import type { Wake } from '../sending/wake.js';
import type { SubscriptionRow, SubscriptionState } from './subscription.js';

const WHY = {
  gone: 'the receiver answered that it is gone (410)',
  failing_too_long: 'it has failed for too long',
};

/**
 * A subscription that switched itself off is somebody's business: the providers of its project tell them.
 * @returns the providers to wake
 */
export async function tellOfEnd(
  tx: Transaction<unknown>,
  { id, project, name, revision }: SubscriptionRow,
  { standing }: SubscriptionState,
  { now, providerWake }: { readonly now: Instant; readonly providerWake: Wake },
): Promise<readonly string[]> {
  if (standing.state !== 'disabled') return [];
  const kind = 'webhook subscription';
  const isThere = { config: {}, secret_version: null, enabled: true, deleted: false };
  const asProvider = { id, project, name, revision, kind, ...isThere };
  const incident = { since: standing.since, reason: WHY[standing.reason] };
  const health = { ...HEALTHY, disabledReason: standing.reason, disabledAt: now, incident };
  const woken = await tellOthers(tx, { id, provider: asProvider, health }, now);
  await providerWake.inTransaction(tx, woken);
  return woken;
}
