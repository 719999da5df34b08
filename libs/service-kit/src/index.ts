export {
  type BaseConfig,
  baseConfig,
  booleanFlag,
  ConfigError,
  cidrList,
  databaseUrl,
  type Endpoint,
  type Environment,
  endpointList,
  LOG_LEVELS,
  type LogLevel,
  natsUrl,
  parseConfig,
  port,
  secret,
  secretList,
} from './config.js';
export { createHealth, type Health, type HealthCheck, type HealthReport, postgresCheck } from './health.js';
export { fastifyAdapter } from './http-server.js';
export { createLogger, type Logger, type LoggerOptions, nestLogger } from './logger.js';
export { createMetrics, type MetricOptions, type Metrics } from './metrics.js';
export { connectNats, type NatsHandle, type NatsOptions, natsConnectionOptions } from './nats.js';
export { redact, safeText, safeUrl } from './redact.js';
export { RethrowFilter } from './rethrow.filter.js';
export { runService, type ServiceContext, type ServiceOptions } from './run-service.js';
export { Secret } from './secret.js';
export { openSecret, rewrapSecret, type SealedSecret, sealSecret, secretKeyId } from './secret-box.js';
export { type Span, type SpanOptions, startSpan, startTracing } from './tracing.js';
