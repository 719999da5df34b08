import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { requests } from '@tocsin/contracts';
import { connectDatabase, listen } from '@tocsin/database';
import { createEgress } from '@tocsin/egress';
import {
  after,
  createJetStreamLog,
  type Fold,
  type Hosted,
  JetStreamStrategy,
  migrated,
  projectionHost,
  runRelay,
} from '@tocsin/event-log';
import { newId } from '@tocsin/kernel';
import { postgresCheck, type ServiceContext } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { giveUpAfterMs, masterKeys, type NotifierConfig, providerPolicy, smtpDefaults } from './config.js';
import { MIGRATIONS } from './migrations/index.js';
import { FOLD, NotifierController, TEST_PROVIDER, TEST_SUBSCRIPTION } from './notifier.controller.js';
import { DELIVERIES, PROJECTION, SCHEMA, SERVICE } from './notifier.js';
import { foldBatch } from './planning/notifier.projection.js';
import { findProvider } from './planning/provider.store.js';
import { testHost } from './provider-test/test.request.js';
import { createTestProvider } from './provider-test/test-provider.js';
import { jobSender } from './sending/send-job.js';
import { runSender } from './sending/sender.loop.js';
import { senderMetrics } from './sending/sender.metrics.js';
import { createWake, SUBSCRIPTION_CHANNEL, WAKE_CHANNEL } from './sending/wake.js';
import { recordSecrets } from './settings/record-secrets.store.js';
import { deliver } from './subscriptions/deliver.request.js';
import { subscriptionMetrics } from './subscriptions/subscription.metrics.js';
import { findSubscriptions } from './subscriptions/subscription.store.js';
import { runSubscriptions } from './subscriptions/subscriptions.loop.js';
import { createTestSubscription } from './subscriptions/test-subscription.js';

const HOSTED = Symbol('hosted');
/** of one attempt; Standard Webhooks asks for 15 to 30 s */
const TIMEOUT_MS = 15_000;

@Module({})
class NotifierModule {}

export function createModule(context: ServiceContext<NotifierConfig>): DynamicModule {
  const { config, logger, nats, health, metrics, stopping, onStop } = context;
  const databaseUrl = config.DATABASE_URL.reveal();
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: SERVICE,
    schemas: [SCHEMA],
    onIdleError: (error) => logger.warn({ err: error }, 'idle database connection lost'),
  });
  onStop('database', () => db.destroy());
  health.add(postgresCheck(() => sql`select 1`.execute(db)));

  const now = () => new Date().toISOString();
  const attempts = {
    secrets: recordSecrets('provider', db, masterKeys(config)),
    egress: createEgress(providerPolicy(config)),
    smtp: smtpDefaults(config),
    publicUrl: config.TOCSIN_PUBLIC_URL,
    timeoutMs: TIMEOUT_MS,
    now,
    onBug: (error: unknown) => logger.error({ err: error }, 'an attempt could not be made'),
  };
  const origin = newId();
  const wake = createWake(origin);
  const subscriptionWake = createWake(origin, SUBSCRIPTION_CHANNEL);
  const deliveries = { ...attempts, secrets: recordSecrets('subscription', db, masterKeys(config)) };
  const log = createJetStreamLog({ nats, logger });
  const ready = migrated({ db, schema: SCHEMA, migrations: MIGRATIONS, logger }, stopping);
  const loops = ready.then(() =>
    Promise.all([
      runRelay({ db, databaseUrl, log, tables: [DELIVERIES], logger, metrics }, stopping),
      listen({
        databaseUrl,
        name: `${SERVICE}-wake`,
        channels: [WAKE_CHANNEL, SUBSCRIPTION_CHANNEL],
        onNotify: (channel, payload) =>
          (channel === WAKE_CHANNEL ? wake : subscriptionWake).onNotify(payload),
        onConnected: () => {
          wake.all();
          subscriptionWake.all();
        },
        onError: (error) => logger.warn({ err: error }, 'sender cannot hear of other processes'),
        signal: stopping,
      }),
      runSender(
        {
          db,
          wake,
          send: jobSender(attempts),
          now,
          random: Math.random,
          logger,
          metrics: senderMetrics(metrics, db),
        },
        stopping,
      ),
      runSubscriptions(
        {
          db,
          log,
          wake: subscriptionWake,
          providerWake: wake,
          send: (row, event) => deliver(row, event, deliveries),
          now,
          random: Math.random,
          giveUpAfterMs: giveUpAfterMs(config),
          logger,
          metrics: subscriptionMetrics(metrics, db),
        },
        stopping,
      ),
    ]),
  );
  loops.catch(onFailure(stopping));
  onStop('loops', () => loops.catch(() => undefined));

  const hosts = [
    after(ready, projectionHost({ projection: PROJECTION, db, log, logger, metrics })),
    after(ready, testHost({ pattern: 'test-provider', subject: requests.testProvider, nats, logger })),
    after(
      ready,
      testHost({ pattern: 'test-subscription', subject: requests.testSubscription, nats, logger }),
    ),
  ];
  const fold: Fold = (events, folding) => foldBatch(events, folding, { wake, subscriptionWake, now });
  const testProvider = createTestProvider({
    ...attempts,
    findProvider: (id) => findProvider(db, id),
    sleep,
  });
  const testSubscription = createTestSubscription({
    ...deliveries,
    findSubscription: async (id) => (await findSubscriptions(db, [id]))[0],
    sleep,
  });
  return {
    module: NotifierModule,
    controllers: [NotifierController],
    providers: [
      { provide: FOLD, useValue: fold },
      { provide: TEST_PROVIDER, useValue: testProvider },
      { provide: TEST_SUBSCRIPTION, useValue: testSubscription },
      { provide: HOSTED, useValue: hosts satisfies Hosted[] },
    ],
  };
}

export function strategies(
  app: INestApplication,
  { stopping }: ServiceContext<NotifierConfig>,
): CustomTransportStrategy[] {
  return [new JetStreamStrategy(app.get<Hosted[]>(HOSTED), onFailure(stopping))];
}

/** A loop that ends by itself is a bug: thrown from here it ends the process, and the supervisor starts another. */
function onFailure(stopping: AbortSignal) {
  return (error: unknown): void => {
    if (!stopping.aborted) throw error;
  };
}
