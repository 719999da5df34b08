import { setTimeout as delay } from 'node:timers/promises';
import type { DynamicModule, ExceptionFilter, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type BaseConfig, ConfigError } from './config.js';
import { createHealth, type Health } from './health.js';
import { addOperatorRoutes, fastifyAdapter } from './http-server.js';
import { createLogger, type Logger, nestLogger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { connectNats, type NatsHandle } from './nats.js';
import { RethrowFilter } from './rethrow.filter.js';
import { startTracing } from './tracing.js';

const stopBoundMs = 8000;
/** requests in flight get this long before their connections are cut: a console's stream never ends by itself */
const requestsMs = 3000;

export interface ServiceContext<C extends BaseConfig = BaseConfig> {
  config: C;
  logger: Logger;
  /** may not be connected yet: wait for `nats.connection()` in a strategy's `listen` or a loop, never in a provider */
  nats: NatsHandle;
  health: Health;
  metrics: Metrics;
  /** aborted when the stop begins: loops end */
  stopping: AbortSignal;
  /** runs after handlers and HTTP have stopped, last added first: the place to close a database */
  onStop: (name: string, stop: () => Promise<unknown>) => void;
}

export interface ServiceOptions<C extends BaseConfig> {
  name: string;
  /** `() => parseConfig(schema, process.env)`; what it throws is told in one line, exit 1 */
  config: () => C;
  createModule: (context: ServiceContext<C>) => Type | DynamicModule | Promise<Type | DynamicModule>;
  strategies?: (app: NestFastifyApplication, context: ServiceContext<C>) => CustomTransportStrategy[];
  /** for errors of controllers; not as APP_FILTER, which would never be asked */
  httpFilter?: (app: NestFastifyApplication) => ExceptionFilter;
}

/** Runs until a signal ends the process: it owns the process and leaves by `process.exit`. */
export async function runService<C extends BaseConfig>(options: ServiceOptions<C>): Promise<void> {
  const { name } = options;
  let logger = createLogger({ name, level: 'info' });
  const die = (error: unknown, what: string): never => {
    logger.fatal({ err: error }, what);
    process.exit(1);
  };
  process.on('unhandledRejection', (error) => die(error, 'unhandled rejection'));
  process.on('uncaughtException', (error) => die(error, 'uncaught exception'));

  const stopping = new AbortController();
  const stops: { name: string; stop: () => Promise<unknown> }[] = [];
  const health = createHealth();
  const stop = async (signal: string) => {
    if (stopping.signal.aborted) {
      logger.warn({ signal }, 'second signal, leaving at once');
      process.exit(1);
    }
    logger.info({ signal }, 'stopping');
    health.setStopping();
    stopping.abort();
    let at = '';
    const inReverse = async () => {
      for (const step of stops.toReversed()) {
        at = step.name;
        await step.stop().catch((error: unknown) => logger.error({ err: error, step: at }, 'stop failed'));
      }
      return true;
    };
    const done = await Promise.race([inReverse(), delay(stopBoundMs, false)]);
    if (done) logger.info('stopped');
    else logger.error({ step: at, boundMs: stopBoundMs }, 'not stopped within the bound');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

  try {
    const config = options.config();
    logger = createLogger({ name, level: config.LOG_LEVEL });
    const onStop: ServiceContext['onStop'] = (step, run) => void stops.push({ name: step, stop: run });
    onStop('tracing', await startTracing(name, config.OTEL_EXPORTER_OTLP_ENDPOINT));
    const metrics = createMetrics(name);
    const nats = connectNats({
      url: config.NATS_URL,
      name,
      logger,
      onLost: () => die(undefined, 'nats connection cannot be restored'),
    });
    onStop('nats', nats.close);
    health.add({ name: 'nats', check: nats.check });
    let started = false;
    health.add({ name: 'service', check: async () => (started ? undefined : 'starting') });

    const context = { config, logger, nats, health, metrics, stopping: stopping.signal, onStop };
    const app = await NestFactory.create<NestFastifyApplication>(
      await options.createModule(context),
      fastifyAdapter(),
      { logger: nestLogger(logger), abortOnError: false },
    );
    // Handlers end before what they use, though that was made later than this is pushed: stops run last first.
    onStop('handlers and http', async () => {
      const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), requestsMs);
      await app.close().finally(() => clearTimeout(cut));
    });
    addOperatorRoutes(app, health, metrics);
    app.useGlobalFilters(new RethrowFilter(app.getHttpAdapter(), options.httpFilter?.(app)));
    for (const strategy of options.strategies?.(app, context) ?? [])
      app.connectMicroservice({ strategy }, { inheritAppConfig: true });
    // First HTTP, for readiness to be asked; a strategy may wait for NATS for as long as it takes.
    await app.listen(config.HTTP_PORT, config.HTTP_HOST);
    logger.info({ host: config.HTTP_HOST, port: config.HTTP_PORT }, 'listening');
    await app.startAllMicroservices();
    started = true;
    logger.info('started');
  } catch (error) {
    if (stopping.signal.aborted) return;
    if (error instanceof ConfigError) {
      logger.fatal({ problems: error.problems }, 'the environment is not usable');
      process.exit(1);
    }
    die(error, 'start failed');
  }
}
