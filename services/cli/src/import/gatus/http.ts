import type { JsonObject } from '@tocsin/kernel';
import type { Account } from '../ledger.js';
import { settings } from '../mapping.js';
import { withoutUserInfo } from '../url.js';
import { conditionsOf } from './condition-account.js';
import { atMostMs, bodyPath, type Condition, expiryDays, pieceOf, statusCodesOf } from './conditions.js';
import type { GatusEndpoint } from './config.js';
import type { Target } from './targets.js';
import { timeoutOf } from './timeout.js';

/** Whatever the status: that it is right is a matter of conditions. */
const ANY_STATUS = '100-599';

export function httpTarget(endpoint: GatusEndpoint, account: Account): Target {
  const { url, userInfo } = withoutUserInfo(endpoint.url ?? '');
  if (userInfo === undefined) account.carried('url', 'target');
  else account.changed('url', 'target', 'the user name and password in it became config.auth');
  const { sslDays, ...asked } = askedOf(endpoint, account);
  const isWebsite = sslDays !== undefined && url.startsWith('https:');
  const insecure = endpoint.client?.insecure === true;
  account.carried('method', 'config.method');
  if (insecure) account.changed(['client', 'insecure'], 'config.tlsVerify', 'said the other way round');
  const ignoresRedirects = endpoint.client?.['ignore-redirect'] === true;
  if (ignoresRedirects)
    account.changed(['client', 'ignore-redirect'], 'config.followRedirects', 'said the other way round');
  const config = settings({
    method: endpoint.method,
    ...requestOf(endpoint, account),
    auth: userInfo,
    ...asked,
    followRedirects: ignoresRedirects ? false : undefined,
    timeoutSeconds: timeoutOf(endpoint, account),
    tlsVerify: insecure ? false : undefined,
    ...(isWebsite ? { enableSslCheck: true, sslDaysUntilExpirationWarning: sslDays } : {}),
  });
  const type = isWebsite ? 'website' : 'http_request';
  return { type, target: url, config, ...(isWebsite ? { alertOnSslExpiration: true as const } : {}) };
}

function requestOf({ headers, body, graphql }: GatusEndpoint, account: Account): JsonObject {
  account.carried('headers', 'config.headers');
  if (graphql !== true) {
    account.carried('body', 'config.body');
    return settings({ headers, body: body === '' ? undefined : body });
  }
  account.changed('graphql', 'config.body', 'the body is a JSON object with the query in it');
  account.changed('body', 'config.body', 'it is the query of a JSON object');
  const isTyped = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
  return {
    headers: { ...(isTyped ? {} : { 'content-type': 'application/json' }), ...headers },
    body: JSON.stringify({ query: body ?? '' }),
  };
}

interface Asked {
  readonly expectedStatusCodes: string;
  readonly sslDays?: number;
}

function askedOf(endpoint: GatusEndpoint, account: Account): JsonObject & Asked {
  const asked: JsonObject = {};
  const statuses: Condition[] = [];
  let sslDays: number | undefined;
  conditionsOf(endpoint, account, (condition, say) => {
    const { left, is, right } = condition;
    if (left === '[CONNECTED]' && is === '==' && right === 'true')
      return say.implied('a check is up when there is an answer');
    if (left === '[STATUS]' && statusCodesOf([...statuses, condition]) !== undefined) {
      statuses.push(condition);
      return say.changed('config.expectedStatusCodes', 'as a list of codes');
    }
    const ms = left === '[RESPONSE_TIME]' ? atMostMs(condition) : undefined;
    if (ms !== undefined && !('maxResponseTimeMs' in asked)) {
      asked.maxResponseTimeMs = ms;
      return say.changed('config.maxResponseTimeMs', 'a slower answer is degraded, not down');
    }
    const days = left === '[CERTIFICATE_EXPIRATION]' ? expiryDays(condition) : undefined;
    if (days !== undefined && endpoint.url?.startsWith('https:') === true) {
      sslDays = Math.max(days, sslDays ?? 0);
      const how = `an alert of its own with ${sslDays} days left, not a failure`;
      return say.changed('config.sslDaysUntilExpirationWarning', how);
    }
    const piece = left === '[BODY]' && is !== '<' && is !== '>' ? pieceOf(right) : undefined;
    if (piece !== undefined && (is === '==' || is === '!=') && !('keywordInBody' in asked)) {
      asked.keywordInBody = piece;
      asked.keywordInBodyShouldBePresent = is === '==';
      return say.changed('config.keywordInBody', 'letters match whatever their case');
    }
    const path = is === '==' ? bodyPath(left) : undefined;
    const [expectedValue, ...others] = say.values(condition) ?? [];
    if (
      path === undefined ||
      expectedValue === undefined ||
      others.length > 0 ||
      'responseBodyJsonPath' in asked
    )
      return say.unknown();
    asked.responseBodyJsonPath = { path, expectedValue };
    return say.changed('config.responseBodyJsonPath', `as the JSONPath ${path}`);
  });
  const expectedStatusCodes = statuses.length === 0 ? ANY_STATUS : (statusCodesOf(statuses) ?? ANY_STATUS);
  return { ...asked, expectedStatusCodes, ...(sslDays === undefined ? {} : { sslDays }) };
}
