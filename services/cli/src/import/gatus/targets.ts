import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import { settings } from '../mapping.js';
import { conditionsOf } from './condition-account.js';
import type { GatusEndpoint } from './config.js';
import { httpTarget } from './http.js';
import { timeoutOf } from './timeout.js';

export interface Target {
  readonly type: string;
  readonly target: string;
  readonly config: JsonObject;
  /** a condition asks for certificates with some days left */
  readonly alertOnSslExpiration?: true;
}

/** @returns undefined for what Tocsin does not watch */
export function targetOf(endpoint: GatusEndpoint, account: Account): Target | undefined {
  if (endpoint.dns !== undefined) return dnsTarget(endpoint, account);
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(endpoint.url ?? '') ?? [];
  switch (scheme) {
    case 'http':
    case 'https':
      return httpTarget(endpoint, account);
    case 'tcp':
    case 'udp':
      return portTarget(endpoint, account, rest, scheme);
    case 'tls':
    case 'starttls':
      return portTarget(endpoint, account, rest, 'tcp', 'the port is opened, TLS is not spoken');
    case 'ssh':
      return portTarget(
        endpoint,
        account,
        /:\d+$/.test(rest) ? rest : `${rest}:22`,
        'tcp',
        'nobody signs in',
      );
    case 'icmp':
      return pingTarget(endpoint, account, rest);
    default:
      return undefined;
  }
}

function dnsTarget(endpoint: GatusEndpoint, account: Account): Target {
  const name = endpoint.dns?.['query-name'] ?? '';
  const server = (endpoint.url ?? '').replace(/^\w+:\/\//, '');
  account.carried(['dns', 'query-name'], 'target');
  account.carried(['dns', 'query-type'], 'config.recordType');
  if (server === endpoint.url) account.carried('url', 'config.resolver');
  else account.changed('url', 'config.resolver', 'without its scheme');
  const expected: string[] = [];
  conditionsOf(endpoint, account, (condition, say) => {
    if (condition.left === '[DNS_RCODE]' && condition.is === '==' && condition.right === 'NOERROR')
      return say.implied('a check is up when the name is answered');
    if (condition.left !== '[BODY]' || condition.is !== '==') return say.unknown();
    const values = say.values(condition);
    if (values === undefined || expected.length > 0) return say.unknown();
    expected.push(...values);
    return say.changed('config.expectedValues', 'one of the records has to be it');
  });
  const config = settings({
    recordType: endpoint.dns?.['query-type'],
    resolver: server === '' ? undefined : server,
    expectedValues: expected.length === 0 ? undefined : expected,
    timeoutSeconds: timeoutOf(endpoint, account),
  });
  return { type: 'dns', target: name, config };
}

function portTarget(
  endpoint: GatusEndpoint,
  account: Account,
  address: string,
  protocol: 'tcp' | 'udp',
  less?: string,
): Target {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)(?:\/.*)?$/.exec(address) ?? [];
  if (less === undefined) account.changed('url', 'target', 'host and port are two settings');
  else account.left('url', less, 'use a website monitor, or a test, for more than the port');
  account.left('ssh', 'nobody signs in', 'nothing, when an open port is enough');
  account.left('body', 'nothing is sent', 'use a test where an answer matters');
  connectedOnly(endpoint, account);
  const config = settings({
    port: port === '' ? undefined : Number(port),
    protocol: protocol === 'udp' ? protocol : undefined,
    timeoutSeconds: timeoutOf(endpoint, account),
  });
  return { type: 'port_check', target: host, config };
}

function pingTarget(endpoint: GatusEndpoint, account: Account, host: string): Target {
  account.changed('url', 'target', 'without its scheme');
  connectedOnly(endpoint, account);
  const config = { method: 'icmp', timeoutSeconds: timeoutOf(endpoint, account) };
  return { type: 'ping_host', target: host, config };
}

/** That there is an answer is what such a check is about; of how it has to be, they know nothing. */
function connectedOnly(endpoint: GatusEndpoint, account: Account): void {
  conditionsOf(endpoint, account, ({ left, is, right }, say) =>
    left === '[CONNECTED]' && is === '==' && right === 'true'
      ? say.implied('a check is up when there is an answer')
      : say.unknown(),
  );
}
