import type { JsonObject } from '@tocsin/kernel';
import { LONGEST_GRACE_SECONDS } from '@tocsin/monitoring';
import type { Account } from '../ledger.js';
import { clamp, settings, wholeNumber } from '../mapping.js';
import type { KumaMonitor } from './backup.js';
import { httpTarget, timeoutOf } from './http.js';

export interface Target {
  readonly type: string;
  readonly target: string;
  readonly config: JsonObject;
}

type Mapping = (monitor: KumaMonitor, account: Account) => Target | undefined;

/** The types of Uptime Kuma that have a counterpart. */
export const KINDS: Readonly<Record<string, Mapping>> = {
  http: httpTarget,
  keyword: httpTarget,
  'json-query': httpTarget,
  port: portTarget,
  ping: pingTarget,
  dns: dnsTarget,
  push: pushTarget,
};

function portTarget(monitor: KumaMonitor, account: Account): Target {
  account.carried('hostname', 'target');
  account.carried('port', 'config.port');
  const expectClosed = monitor.upsideDown === true;
  if (expectClosed)
    account.changed('upsideDown', 'config.expectClosed', 'up while nothing answers at the port');
  const config = settings({
    port: monitor.port,
    expectClosed: expectClosed || undefined,
    timeoutSeconds: timeoutOf(monitor, account),
  });
  return { type: 'port_check', target: monitor.hostname ?? '', config };
}

const PACKET_SIZE = 56;

function pingTarget(monitor: KumaMonitor, account: Account): Target {
  account.carried('hostname', 'target');
  if (monitor.packetSize === PACKET_SIZE) account.unneeded('packetSize', 'the usual size');
  else
    account.left('packetSize', 'the size of a ping cannot be set', 'nothing, unless the size is the point');
  const { ping_count: count } = monitor;
  const config = settings({
    method: 'icmp',
    count:
      count === undefined
        ? undefined
        : wholeNumber(account, 'ping_count', 'config.count', count, { from: 1, to: 10, unit: 'pings' }),
    timeoutSeconds: timeoutOf(monitor, account),
  });
  account.unneeded('ping_numeric', 'only how addresses are shown');
  return { type: 'ping_host', target: monitor.hostname ?? '', config };
}

function dnsTarget(monitor: KumaMonitor, account: Account): Target {
  account.carried('hostname', 'target');
  account.carried('dns_resolve_type', 'config.recordType');
  const [resolver, ...others] = (monitor.dns_resolve_server ?? '')
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '');
  const port = monitor.port ?? 53;
  const asked = resolver === undefined ? undefined : withPort(resolver, port);
  const how = others.length > 0 ? 'the first of the servers is asked' : 'with the port';
  if (asked === monitor.dns_resolve_server) account.carried('dns_resolve_server', 'config.resolver');
  else account.changed('dns_resolve_server', 'config.resolver', how);
  if (port === 53) account.unneeded('port', 'the usual port');
  else account.changed('port', 'config.resolver', 'part of the resolver');
  account.left('conditions', 'conditions on the records', 'set config.expectedValues and config.match');
  const config = settings({
    recordType: monitor.dns_resolve_type,
    resolver: asked,
    timeoutSeconds: timeoutOf(monitor, account),
  });
  return { type: 'dns', target: monitor.hostname ?? '', config };
}

function withPort(server: string, port: number): string {
  if (port === 53) return server;
  return server.includes(':') ? `[${server}]:${port}` : `${server}:${port}`;
}

/** A push that is late is tried again as often as a check is: here that is the grace, and the first miss counts. */
function pushTarget(monitor: KumaMonitor, account: Account): Target {
  const { maxretries = 0, retryInterval, interval = 60 } = monitor;
  const graceSeconds = clamp(Math.ceil(maxretries * (retryInterval || interval)), 1, LONGEST_GRACE_SECONDS);
  const how = `${maxretries} retries became a grace of ${graceSeconds} seconds`;
  account.changed('maxretries', 'config.graceSeconds', how);
  account.changed('retryInterval', 'config.graceSeconds', how);
  account.unneeded('timeout', 'a push has none');
  account.left(
    'pushToken',
    'a heartbeat gets an address of its own',
    'after apply, let what calls /api/push/… call the address of the heartbeat (tocsin monitors show)',
  );
  return { type: 'heartbeat', target: '', config: { graceSeconds } };
}
