import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, Module } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { createArtifactStore } from '@tocsin/artifacts';
import { executorConsumer, runnerConsumer } from '@tocsin/contracts';
import { createEgress } from '@tocsin/egress';
import { createJetStreamLog, JetStreamStrategy, workerHost } from '@tocsin/event-log';
import type { JsonObject } from '@tocsin/kernel';
import type { CheckDue } from '@tocsin/monitoring';
import type { ServiceContext } from '@tocsin/service-kit';
import { createCheckMetrics } from './check.metrics.js';
import { createCheckWorker } from './check.worker.js';
import { CHECK_WORKER, ChecksController, TEST_CHECK } from './checks.controller.js';
import { type ExecutorConfig, monitorPolicy } from './config.js';
import { createProbes } from './kinds/index.js';
import { createMonitorSecrets } from './monitor-secrets.request.js';
import { type RunCheckDeps, runCheck } from './run-check.js';
import { cancelRunHost } from './runs/cancel-run.request.js';
import { createLiveRuns } from './runs/live-runs.js';
import { createRunMetrics } from './runs/run.metrics.js';
import { createRunWorker } from './runs/run.worker.js';
import { createRunClaims } from './runs/run-claim.store.js';
import type { TestRunners } from './runs/run-tests.js';
import { LIVE_RUNS, RUN_WORKER, RunsController } from './runs/runs.controller.js';
import { createTestMaterials } from './runs/test-material.request.js';
import { createTestCheck, testCheckHost } from './test-check.request.js';
import { createApiRunner } from './tests/api/api.runner.js';
import { createBrowserRunner } from './tests/browser/browser.runner.js';
import { browserRunnerOptions } from './tests/browser/settings.js';
import { inTurns } from './tests/in-turns.js';
import { createTurns } from './tests/turns.js';

type Context = ServiceContext<ExecutorConfig>;

/** Longer than most checks take, so that few have to say that they are still being made. */
const ACK_WAIT_MS = 30_000;

@Module({})
class ExecutorModule {}

export function createModule({ config, logger, nats, metrics, stopping }: Context): DynamicModule {
  const log = createJetStreamLog({ nats, logger });
  const checkMetrics = createCheckMetrics(metrics);
  const secrets = createMonitorSecrets({
    nats,
    onMiss: () => checkMetrics.secretMiss(),
    now: () => performance.now(),
  });
  const egress = createEgress(monitorPolicy(config));
  const materials = createTestMaterials({ nats });
  const runners: TestRunners = {
    api: createApiRunner({
      egress,
      onBug: (error, testId) => logger.error({ err: error, testId }, 'a test broke its runner'),
    }),
    // Shared by runs and checks: a browser costs the same for either.
    browser: inTurns(
      createBrowserRunner(browserRunnerOptions(config), { logger }),
      createTurns(config.TOCSIN_RUN_CONCURRENCY),
    ),
  };
  const live = createLiveRuns();
  stopping.addEventListener('abort', () => live.cutAll('executor_stopped'), { once: true });
  const deps: RunCheckDeps = {
    egress,
    probes: createProbes({ now: Date.now, materials, runners }),
    now: Date.now,
    sleep,
    onBug: (error, { monitorId, kind, slot }) =>
      logger.error({ err: error, monitorId, kind, slot }, 'a probe broke'),
  };
  const run = (due: CheckDue, secret: JsonObject | undefined) => runCheck(due, secret, deps);
  return {
    module: ExecutorModule,
    controllers: [ChecksController, RunsController],
    providers: [
      {
        provide: CHECK_WORKER,
        useValue: createCheckWorker({ log, secrets, run, metrics: checkMetrics, now: Date.now }),
      },
      { provide: TEST_CHECK, useValue: createTestCheck({ secrets, run }) },
      { provide: LIVE_RUNS, useValue: live },
      {
        provide: RUN_WORKER,
        useValue: createRunWorker({
          log,
          nats,
          materials,
          runners,
          artifacts: createArtifactStore(config, { nats }),
          claims: createRunClaims(nats),
          live,
          metrics: createRunMetrics(metrics, () => live.size()),
          logger,
          now: Date.now,
        }),
      },
    ],
  };
}

/** A host that fails is a bug: thrown from here it ends the process, and the supervisor starts another. */
const onFailure = (error: unknown): never => {
  throw error;
};

export function strategies({ config, logger, nats, metrics }: Context): CustomTransportStrategy[] {
  const { TOCSIN_LOCATION: location, TOCSIN_EXECUTOR_CONCURRENCY: concurrency } = config;
  const hosts = [
    workerHost({
      name: 'checks',
      nats,
      stream: 'CHECKS',
      consumer: executorConsumer(location),
      concurrency,
      ackWaitMs: ACK_WAIT_MS,
      logger,
      metrics,
    }),
    testCheckHost({ nats, location, logger }),
    workerHost({
      name: 'runs',
      nats,
      stream: 'CHECKS',
      consumer: runnerConsumer(location),
      concurrency: config.TOCSIN_RUN_CONCURRENCY,
      ackWaitMs: ACK_WAIT_MS,
      // A run that waited here for its turn would look like one whose executor died.
      fetchAhead: false,
      logger,
      metrics,
    }),
    cancelRunHost({ nats, location }),
  ];
  return [new JetStreamStrategy(hosts, onFailure)];
}
