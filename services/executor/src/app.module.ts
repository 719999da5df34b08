import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamicModule, Module } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { executorConsumer } from '@tocsin/contracts';
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
import { createTestCheck, testCheckHost } from './test-check.request.js';

type Context = ServiceContext<ExecutorConfig>;

/** Longer than most checks take, so that few have to say that they are still being made. */
const ACK_WAIT_MS = 30_000;

@Module({})
class ExecutorModule {}

export function createModule({ config, logger, nats, metrics }: Context): DynamicModule {
  const log = createJetStreamLog({ nats, logger });
  const checkMetrics = createCheckMetrics(metrics);
  const secrets = createMonitorSecrets({
    nats,
    onMiss: () => checkMetrics.secretMiss(),
    now: () => performance.now(),
  });
  const deps: RunCheckDeps = {
    egress: createEgress(monitorPolicy(config)),
    probes: createProbes(Date.now),
    now: Date.now,
    sleep,
    onBug: (error, { monitorId, kind, slot }) =>
      logger.error({ err: error, monitorId, kind, slot }, 'a probe broke'),
  };
  const run = (due: CheckDue, secret: JsonObject | undefined) => runCheck(due, secret, deps);
  return {
    module: ExecutorModule,
    controllers: [ChecksController],
    providers: [
      {
        provide: CHECK_WORKER,
        useValue: createCheckWorker({ log, secrets, run, metrics: checkMetrics, now: Date.now }),
      },
      { provide: TEST_CHECK, useValue: createTestCheck({ secrets, run }) },
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
  ];
  return [new JetStreamStrategy(hosts, onFailure)];
}
