import { newId } from '@tocsin/kernel';
import { z } from 'zod';
import { refusal, storedRecord, type TestAnswer } from '../provider-test/test-provider.js';
import { pingEvent } from './cloud-event.js';
import { type DeliverDeps, deliver } from './deliver.request.js';
import type { SubscriptionRow } from './subscription.js';

const request = z.object({
  subscriptionId: z.guid(),
  /** at least this one: the caller has just stored it */
  revision: z.int().min(1),
  project: z.string(),
});

export interface TestSubscriptionDeps extends DeliverDeps {
  readonly findSubscription: (id: string) => Promise<SubscriptionRow | undefined>;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Sends a ping now, once, and records nothing: what is sent of the log does not wait for it. */
export function createTestSubscription(deps: TestSubscriptionDeps): (asked: unknown) => Promise<TestAnswer> {
  return async (asked) => {
    const parsed = request.safeParse(asked);
    if (!parsed.success)
      return refusal('never', 'invalid_request', 'no subscriptionId, revision and project');
    const { subscriptionId, revision, project } = parsed.data;
    const find = () => deps.findSubscription(subscriptionId);
    const row = await storedRecord(find, revision, project, deps.sleep);
    if (row === undefined)
      return refusal(
        'not_now',
        'subscription_unknown',
        'the notifier does not know this subscription yet; try again',
      );
    const id = newId();
    const text = pingEvent({ id, subscriptionId, project, name: row.name, now: deps.now() });
    const { result, gone, status, excerpt, reason } = await deliver(row, { id, text }, deps);
    return {
      result: result === 'delivered' ? 'delivered' : gone === true ? 'never' : 'not_now',
      status,
      excerpt,
      ...(reason === null ? {} : { reason }),
    };
  };
}
