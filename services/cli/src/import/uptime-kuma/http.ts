import { parseStatusCodes } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import { jsonObject } from '../json-text.js';
import type { Account } from '../ledger.js';
import { settings, wholeNumber } from '../mapping.js';
import { withoutUserInfo } from '../url.js';
import type { KumaMonitor } from './backup.js';
import { authOf } from './http-auth.js';
import type { Target } from './kinds.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  xml: 'text/xml; charset=utf-8',
};

/** The types http, keyword and json-query. */
export function httpTarget(monitor: KumaMonitor, account: Account): Target | undefined {
  const { url, userInfo } = withoutUserInfo(monitor.url ?? '');
  if (userInfo === undefined) account.carried('url', 'target');
  else account.changed('url', 'target', 'the user name and password in it became config.auth');
  const isWebsite = monitor.expiryNotification === true && url.startsWith('https:');
  const config = settings({
    method: methodOf(monitor, account),
    ...bodyOf(monitor, account),
    auth: authOf(monitor, account) ?? userInfo,
    expectedStatusCodes: statusCodesOf(monitor, account),
    ...redirectsOf(monitor, account),
    ...keywordOf(monitor, account),
    ...jsonOf(monitor, account),
    timeoutSeconds: timeoutOf(monitor, account),
    tlsVerify: monitor.ignoreTls === true ? false : undefined,
    // Its certificates are told of three weeks, two weeks and one week before
    ...(isWebsite ? { enableSslCheck: true, sslDaysUntilExpirationWarning: 21 } : {}),
  });
  if (monitor.ignoreTls === true)
    account.changed('ignoreTls', 'config.tlsVerify', 'said the other way round');
  else account.unneeded('ignoreTls', 'certificates are verified');
  if (isWebsite)
    account.changed(
      'expiryNotification',
      'config.enableSslCheck',
      'one alert from 21 days before on, instead of one at 21, 14 and 7 days',
    );
  else if (monitor.expiryNotification === true)
    account.unneeded('expiryNotification', 'the address has no certificate');
  return { type: isWebsite ? 'website' : 'http_request', target: url, config };
}

function methodOf({ method }: KumaMonitor, account: Account): string | undefined {
  const upper = method?.toUpperCase();
  if (upper === method) account.carried('method', 'config.method');
  else account.changed('method', 'config.method', 'in capitals');
  return upper;
}

function bodyOf(monitor: KumaMonitor, account: Account): JsonObject {
  const given = monitor.headers === undefined ? {} : jsonObject(monitor.headers);
  if (given === undefined)
    account.left('headers', 'it is not a JSON object of texts', 'set config.headers by hand');
  else account.carried('headers', 'config.headers');
  const body = monitor.body?.trim() === '' ? undefined : monitor.body;
  account.carried('body', 'config.body');
  const encoding = monitor.httpBodyEncoding ?? 'json';
  const type = body === undefined ? undefined : CONTENT_TYPES[encoding];
  const isGiven = Object.keys(given ?? {}).some((name) => name.toLowerCase() === 'content-type');
  if (body === undefined) account.unneeded('httpBodyEncoding', 'there is no body');
  else if (isGiven) account.unneeded('httpBodyEncoding', 'a header says it');
  else if (type === undefined)
    account.left('httpBodyEncoding', 'not an encoding we know', 'set a content-type in config.headers');
  else account.changed('httpBodyEncoding', 'config.headers', `it is the header content-type: ${type}`);
  const headers = { ...(type === undefined || isGiven ? {} : { 'content-type': type }), ...given };
  return settings({ headers: Object.keys(headers).length === 0 ? undefined : headers, body });
}

function statusCodesOf({ accepted_statuscodes: codes }: KumaMonitor, account: Account): string | undefined {
  const text = codes?.join(',');
  if (text === undefined || text === '') return undefined;
  if (parseStatusCodes(text) === undefined) {
    account.left('accepted_statuscodes', 'not codes between 100 and 599', 'set config.expectedStatusCodes');
    return undefined;
  }
  account.carried('accepted_statuscodes', 'config.expectedStatusCodes');
  return text;
}

function redirectsOf({ maxredirects }: KumaMonitor, account: Account): JsonObject {
  if (maxredirects === undefined) return {};
  if (maxredirects === 0) {
    account.changed('maxredirects', 'config.followRedirects', 'none: redirects are not followed');
    return { followRedirects: false };
  }
  const unit = 'redirects';
  return {
    maxRedirects: wholeNumber(account, 'maxredirects', 'config.maxRedirects', maxredirects, {
      from: 0,
      to: 10,
      unit,
    }),
  };
}

/** Before 1.23 there was no such field: four fifths of the interval it was. */
export function timeoutOf({ timeout, interval = 60 }: KumaMonitor, account: Account): number {
  const allowed = { from: 1, to: 120, unit: 'seconds' };
  return wholeNumber(account, 'timeout', 'config.timeoutSeconds', timeout || interval * 0.8, allowed);
}

function keywordOf({ type, keyword, invertKeyword }: KumaMonitor, account: Account): JsonObject {
  if (type !== 'keyword' || keyword === undefined || keyword === '') return {};
  account.changed('keyword', 'config.keywordInBody', 'letters match whatever their case');
  if (invertKeyword === true)
    account.changed('invertKeyword', 'config.keywordInBodyShouldBePresent', 'said the other way round');
  else account.unneeded('invertKeyword', 'the keyword has to be there');
  return { keywordInBody: keyword, keywordInBodyShouldBePresent: invertKeyword !== true };
}

const SIMPLE_JSONATA = /^\$?\.?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)$/;

function jsonOf(
  { type, jsonPath, jsonPathOperator, expectedValue }: KumaMonitor,
  account: Account,
): JsonObject {
  if (type !== 'json-query') return {};
  const path = SIMPLE_JSONATA.exec(jsonPath ?? '')?.[1];
  const isEqual = jsonPathOperator === undefined || jsonPathOperator === '' || jsonPathOperator === '==';
  if (path === undefined || !isEqual || expectedValue === undefined) {
    const why =
      path === undefined ? 'a JSONata expression that is no plain path' : 'compared otherwise than by ==';
    const todo = 'set config.responseBodyJsonPath, or make it an api test with the comparison';
    for (const key of ['jsonPath', 'jsonPathOperator', 'expectedValue']) account.left(key, why, todo);
    return {};
  }
  account.changed(
    'jsonPath',
    'config.responseBodyJsonPath.path',
    `JSONata ${path} became JSONPath $.${path}`,
  );
  account.unneeded('jsonPathOperator', 'values are compared for being equal');
  account.carried('expectedValue', 'config.responseBodyJsonPath.expectedValue');
  return { responseBodyJsonPath: { path: `$.${path}`, expectedValue } };
}
