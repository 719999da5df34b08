import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import { createArtifactStore } from '@tocsin/artifacts';
import { connectDatabase, ping } from '@tocsin/database';
import { createJetStreamLog } from '@tocsin/event-log';
import { toInstant } from '@tocsin/kernel';
import { type Metrics, postgresCheck, type ServiceContext } from '@tocsin/service-kit';
import type { FastifyInstance } from 'fastify';
import { AcknowledgeController } from './alerts/acknowledge.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { CHANGES, createChanges } from './changes/change.store.js';
import type { Config } from './config.js';
import { addConsole } from './console/console.routes.js';
import type { ApiDatabase } from './database.js';
import { ExplainingController } from './explaining/explaining.controller.js';
import { HeartbeatsController } from './heartbeats/heartbeats.controller.js';
import { AnswerInterceptor } from './http/answer.interceptor.js';
import { ApiGuard } from './http/api.guard.js';
import { setUpFastify } from './http/fastify-setup.js';
import { JobKeysController } from './job-keys/job-keys.controller.js';
import { CronController } from './jobs/cron.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { MonitorToolsController } from './monitors/monitor-tools.controller.js';
import { MonitorsController } from './monitors/monitors.controller.js';
import { RunNowController } from './monitors/run-now.controller.js';
import { RedriveController } from './notifications/redrive.controller.js';
import { givenAdministratorOf, peopleSettingsOf } from './people/environment.js';
import { OidcController } from './people/oidc/oidc.controller.js';
import { SessionController } from './people/session.controller.js';
import { PEOPLE } from './people/settings.js';
import { SetupController } from './people/setup.controller.js';
import { TwoFactorController } from './people/two-factor.controller.js';
import { UsersController } from './people/users.controller.js';
import { ProviderTestController } from './providers/provider-test.controller.js';
import { ProvidersController } from './providers/providers.controller.js';
import { ReadingModule } from './reading/reading.module.js';
import { CancelController } from './runs/cancel.controller.js';
import { TriggerController } from './runs/trigger.controller.js';
import { runStartup } from './startup.loop.js';
import { SubscriptionActionsController } from './subscriptions/subscription-actions.controller.js';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.js';
import { TestsController } from './tests/tests.controller.js';
import { TokensController } from './tokens/tokens.controller.js';
import { VariablesController } from './variables/variables.controller.js';
import { WhatIfController } from './what-if/what-if.controller.js';
import * as wiring from './wiring.js';

export interface AppParts {
  readonly context: ServiceContext<Config>;
  /** the process cannot do its work any more */
  readonly onFailure: (error: unknown) => void;
  /** default: the machine's */
  readonly clock?: wiring.Clock;
}

const START = Symbol('start');
type Start = () => void;

@Module({
  imports: [ReadingModule],
  controllers: [
    MonitorsController,
    MonitorToolsController,
    RunNowController,
    JobsController,
    CronController,
    ProvidersController,
    ProviderTestController,
    SubscriptionsController,
    SubscriptionActionsController,
    AcknowledgeController,
    RedriveController,
    HeartbeatsController,
    JobKeysController,
    TriggerController,
    CancelController,
    TestsController,
    VariablesController,
    TokensController,
    SetupController,
    SessionController,
    TwoFactorController,
    OidcController,
    UsersController,
    AuditController,
    ExplainingController,
    WhatIfController,
  ],
  providers: [
    { provide: APP_GUARD, useClass: ApiGuard },
    { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
  ],
})
export class AppModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost,
    @Inject(START) private readonly start: Start,
    @Inject(wiring.METRICS) private readonly metrics: Metrics,
    @Inject(wiring.CONSOLE_DIR) private readonly consoleDir: string | undefined,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    setUpFastify(fastify, this.metrics);
    addConsole(fastify, this.consoleDir);
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}

@Module({})
class CoreModule {}

/** Everything the parts of the api ask for by token, made once. */
function core({ context, onFailure, clock = () => toInstant(Date.now()) }: AppParts): DynamicModule {
  const { config, logger, nats, metrics, health, stopping, onStop } = context;
  const keys: wiring.SecretKeys = {
    present: config.TOCSIN_SECRET_KEY,
    all: [config.TOCSIN_SECRET_KEY, ...config.TOCSIN_SECRET_KEY_PREVIOUS],
  };
  const databaseUrl = config.DATABASE_URL.reveal();
  const db = connectDatabase<ApiDatabase>({
    databaseUrl,
    name: 'api',
    maxConnections: 16,
    onIdleError: (error) => logger.warn({ err: error }, 'postgres connection lost'),
  });
  const log = createJetStreamLog({ nats, logger });
  const people = peopleSettingsOf(config);
  let ready = false;
  let running: Promise<void> = Promise.resolve();
  health.add(postgresCheck(() => ping(db as never)));
  health.add({ name: 'schemas', check: async () => (ready ? undefined : 'not up to date yet') });
  onStop('postgres', () => db.destroy());
  onStop('relay', () => running);
  const start: Start = () => {
    const onReady = () => {
      ready = true;
    };
    const adminTokenFile = config.TOCSIN_ADMIN_TOKEN_FILE;
    const { sessions } = people;
    const administrator = givenAdministratorOf(config);
    const options = {
      db,
      databaseUrl,
      log,
      nats,
      keys,
      logger,
      metrics,
      clock,
      adminTokenFile,
      administrator,
      sessions,
      onReady,
      onFailure,
    };
    running = runStartup(options, stopping);
  };
  const values: [symbol, unknown][] = [
    [wiring.DATABASE, db],
    [wiring.EVENT_LOG, log],
    [wiring.LOGGER, logger],
    [wiring.METRICS, metrics],
    [wiring.CLOCK, clock],
    [wiring.STOPPING, stopping],
    [wiring.NATS, nats],
    [wiring.SECRET_KEYS, keys],
    [PEOPLE, people],
    [wiring.PUBLIC_URL, config.TOCSIN_PUBLIC_URL],
    [wiring.CONSOLE_DIR, config.TOCSIN_CONSOLE_DIR],
    [wiring.RUN_QUEUE_LIMIT, config.TOCSIN_RUN_QUEUE_LIMIT],
    [wiring.ARTIFACTS, createArtifactStore(config, { nats })],
    [wiring.READY, () => ready],
    [CHANGES, createChanges(db, keys, clock)],
    [START, start],
  ];
  return {
    module: CoreModule,
    global: true,
    providers: values.map(([provide, useValue]) => ({ provide, useValue })),
    exports: values.map(([provide]) => provide),
  };
}

export const createApp = (parts: AppParts): DynamicModule => ({
  module: AppModule,
  imports: [core(parts)],
});
