import type { MonitorKind } from '@tocsin/monitoring';
import type { ConfigSchema } from '../config-schema.js';
import { dnsConfig } from './dns.js';
import { heartbeatConfig } from './heartbeat.js';
import { httpRequestConfig } from './http-request.js';
import { pingHostConfig } from './ping-host.js';
import { portCheckConfig } from './port-check.js';
import { syntheticTestConfig } from './synthetic-test.js';
import { websiteConfig } from './website.js';

/** The settings of every monitor kind, for whoever has to treat them alike. */
export const monitorKinds: Readonly<Record<MonitorKind, ConfigSchema<unknown>>> = {
  http_request: httpRequestConfig,
  website: websiteConfig,
  ping_host: pingHostConfig,
  port_check: portCheckConfig,
  dns: dnsConfig,
  heartbeat: heartbeatConfig,
  synthetic_test: syntheticTestConfig,
};

export { type DnsConfig, dnsConfig, parseResolver, RECORD_TYPES } from './dns.js';
export { type HeartbeatConfig, heartbeatConfig } from './heartbeat.js';
export { type HttpRequestConfig, httpRequestConfig, sensitiveHeaders } from './http-request.js';
export { type PingHostConfig, pingHostConfig } from './ping-host.js';
export { type PortCheckConfig, portCheckConfig } from './port-check.js';
export { parseStatusCodes } from './status-codes.js';
export { type SyntheticTestConfig, syntheticTestConfig } from './synthetic-test.js';
export { parseTarget } from './target.js';
export { type WebsiteConfig, websiteConfig } from './website.js';
