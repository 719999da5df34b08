import { randomBytes } from 'node:crypto';
import { type NewEvent, type SubscribedType, subjects } from '@tocsin/contracts';
import { createEgress, egressPolicy } from '@tocsin/egress';
import { derivedId, type Instant, type JsonObject, newId } from '@tocsin/kernel';
import { createMetrics } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { at } from '../events.fixture.js';
import { createWake } from '../sending/wake.js';
import { eventually, logger, type World } from '../world.fixture.js';
import { deliver } from './deliver.request.js';
import { subscriptionMetrics } from './subscription.metrics.js';
import { runSubscriptions } from './subscriptions.loop.js';

const changedBy = { kind: 'token', id: 'test', name: 'ada' } as const;

export const signingSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface SubscriptionIs {
  readonly id: string;
  readonly url: string;
  readonly revision?: number;
  readonly project?: string;
  readonly enabled?: boolean;
  readonly eventTypes?: readonly SubscribedType[];
  readonly startAt?: Instant;
  readonly config?: JsonObject;
}

const ALERT_TYPES: readonly SubscribedType[] = [
  'AlertRaised',
  'AlertUnmuted',
  'AlertResolved',
  'AlertAcknowledged',
];

export function subscriptionConfigured(given: SubscriptionIs): NewEvent<'SubscriptionConfigured'> {
  const { id, url, revision = 1, project = 'default', enabled = true, startAt } = given;
  return {
    type: 'SubscriptionConfigured',
    id: derivedId('subscribed', id, String(revision)),
    source: 'tocsin/api',
    time: at(0),
    natsSubject: subjects.config(project, 'subscription', id),
    entityId: id,
    data: {
      subscriptionId: id,
      project,
      revision,
      name: 'incident desk',
      enabled,
      eventTypes: [...(given.eventTypes ?? ALERT_TYPES)],
      ...(startAt === undefined ? {} : { startAt }),
      config: {
        url,
        headers: {},
        timeoutSeconds: 5,
        signingSecret: signingSecret(),
        startRevision: 1,
        ...given.config,
      },
      changedAt: at(0),
      changedBy,
    },
  };
}

export const subscriptionDeleted = (id: string, revision: number): NewEvent<'SubscriptionDeleted'> => ({
  type: 'SubscriptionDeleted',
  id: derivedId('unsubscribed', id, String(revision)),
  source: 'tocsin/api',
  time: at(0),
  natsSubject: subjects.config('default', 'subscription', id),
  entityId: id,
  data: { subscriptionId: id, project: 'default', revision, changedAt: at(0), changedBy },
});

/** The n-th alert event of a project. */
export function alertEvent(n: number, project = 'default'): NewEvent<'AlertAcknowledged'> {
  const monitorId = derivedId('monitor', project);
  return {
    type: 'AlertAcknowledged',
    id: derivedId('acknowledged', project, String(n)),
    source: 'tocsin/alert-evaluator',
    time: at(n),
    natsSubject: subjects.alert(project, 'monitor', monitorId, 'acknowledged'),
    entityId: monitorId,
    data: {
      alertId: derivedId('alert', project, String(n)),
      project,
      target: { id: monitorId, kind: 'monitor', name: 'shop', url: '' },
      type: 'failure',
      severity: 'error',
      policyRevision: 1,
      providers: [],
      customMessage: '',
      position: n,
      acknowledgedAt: at(n),
      acknowledgedBy: 'ada',
      note: `número ${n} 🙈`,
    },
  } as unknown as NewEvent<'AlertAcknowledged'>;
}

export function statusEvent(n: number, project = 'default'): NewEvent<'StatusChanged'> {
  const monitorId = derivedId('monitor', project);
  return {
    type: 'StatusChanged',
    id: derivedId('status', project, String(n)),
    source: 'tocsin/result-projector',
    time: at(n),
    natsSubject: subjects.status(project, 'monitor', monitorId),
    entityId: monitorId,
    data: {
      targetId: monitorId,
      targetKind: 'monitor',
      project,
      from: 'up',
      to: 'down',
      changedAt: at(n),
      reason: 'check_failed',
    },
  } as unknown as NewEvent<'StatusChanged'>;
}

export interface StandsAs {
  readonly state: string;
  readonly standing: JsonObject;
  readonly last_event_id: string | null;
  readonly delivered: number;
}

/** One process of the notifier's subscriptions over a world. */
export function startSubscriptions(
  world: World,
  { giveUpAfterMs = 3 * 86_400_000 }: { readonly giveUpAfterMs?: number } = {},
) {
  const stop = new AbortController();
  const wake = createWake(newId(), 'test');
  const egress = createEgress(egressPolicy({ purpose: 'provider', allow: ['127.0.0.1'], ownEndpoints: [] }));
  const deps = { secrets: { of: () => Promise.resolve({}) }, egress, now: world.now, onBug: () => {} };
  const metrics = createMetrics('test');
  const running = runSubscriptions(
    {
      db: world.db,
      log: world.log,
      wake,
      providerWake: createWake(newId()),
      send: (row, event) => deliver(row, event, deps),
      now: world.now,
      random: () => world.clock.random,
      giveUpAfterMs,
      logger,
      metrics: subscriptionMetrics(metrics, world.db),
    },
    stop.signal,
  );
  return {
    wake,
    metrics,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

export async function stateOf(world: World, id: string): Promise<StandsAs | undefined> {
  const { rows } = await sql<StandsAs>`
    select standing ->> 'state' as state, standing, last_event_id, delivered from notifier.subscription_state
    where subscription_id = ${id}`.execute(world.db);
  return rows[0];
}

export const untilState = async (world: World, id: string, state: string) =>
  await eventually(async () => (await stateOf(world, id))?.state === state);

export const attemptsOf = async (world: World, id: string) =>
  (
    await sql<{
      number: number;
      event_id: string;
      outcome: string;
      status: number | null;
      reason: string | null;
    }>`
      select number, event_id, outcome, status, reason from notifier.subscription_attempt
      where subscription_id = ${id} order by number`.execute(world.db)
  ).rows;
