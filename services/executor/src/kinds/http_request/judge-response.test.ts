import { httpRequestConfig } from '@tocsin/contracts';
import type { EgressResponse } from '@tocsin/egress';
import type { JsonObject } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { judgeResponse } from './judge-response.js';

const judge = (
  config: JsonObject,
  more: Partial<Omit<EgressResponse, 'body'>> & { body?: string | Buffer } = {},
) => {
  const { body = '', ...rest } = more;
  const { outcome, error } = judgeResponse(httpRequestConfig.schema.parse(config), {
    status: 200,
    headers: {},
    bodyTruncated: false,
    timings: { totalMs: 20 },
    remoteAddress: '127.0.0.1',
    redirects: 0,
    url: 'http://127.0.0.1/',
    ...rest,
    body: Buffer.from(body),
  });
  return [outcome, error?.code];
};
const UP = ['up', undefined];

describe('the status', () => {
  it.each([
    [200, '200-299', UP],
    [204, '2xx', UP],
    [404, '200,404', UP],
    [500, '200-299', ['down', 'unexpected_status']],
    [301, '2xx', ['down', 'unexpected_status']],
  ])('%i where %s is expected', (status, expectedStatusCodes, answer) => {
    expect(judge({ expectedStatusCodes }, { status })).toEqual(answer);
  });
});

describe('the keyword', () => {
  it.each([
    ['All Is Well', true, 'so far, ALL IS WELL here', UP],
    ['all is well', true, 'nothing is', ['down', 'keyword_missing']],
    ['error', false, 'fine', UP],
    ['error', false, 'an ERROR occurred', ['down', 'keyword_present']],
  ])('%s (wanted: %s) in "%s"', (keywordInBody, keywordInBodyShouldBePresent, body, answer) => {
    expect(judge({ keywordInBody, keywordInBodyShouldBePresent }, { body })).toEqual(answer);
  });
  it('is found in the encoding the server declares', () => {
    const body = Buffer.from('Grüße', 'latin1');
    const headers = { 'content-type': 'text/html; charset=ISO-8859-1' };
    expect(judge({ keywordInBody: 'grüße' }, { body, headers })).toEqual(UP);
    expect(judge({ keywordInBody: 'grüße' }, { body })).toEqual(['down', 'keyword_missing']);
  });
});

describe('the JSON path', () => {
  const body = JSON.stringify({
    status: 'ok',
    code: 200,
    gone: null,
    items: [
      { id: 1, ready: false },
      { id: 2, ready: true },
    ],
  });
  it.each([
    ['$.status', 'ok', UP],
    ['$.code', 200, UP],
    ['$.code', '200', UP],
    ['$.gone', null, UP],
    ['$.items[?@.id == 2].ready', true, UP],
    ['$.items[*].ready', true, UP],
    ['$..id', 2, UP],
    ['$.status', 'OK', ['down', 'json_path_mismatch']],
    ['$.items', '[object Object]', ['down', 'json_path_mismatch']],
    ['$.missing', 'ok', ['down', 'json_path_missing']],
    ['$[', 'ok', ['error', 'invalid_config']],
  ])('%s is %j', (path, expectedValue, answer) => {
    expect(judge({ responseBodyJsonPath: { path, expectedValue } }, { body })).toEqual(answer);
  });
  it('needs JSON, and all of it', () => {
    const config = { responseBodyJsonPath: { path: '$.status', expectedValue: 'ok' } };
    expect(judge(config, { body: '<html>' })).toEqual(['down', 'body_not_json']);
    expect(judge(config, { body, bodyTruncated: true })).toEqual(['down', 'body_too_large']);
  });
  it('is quick on the largest body there is', () => {
    const large = JSON.stringify(Array.from({ length: 60_000 }, (_, id) => ({ id, a: 'b' })));
    const config = {
      responseBodyJsonPath: { path: "$..[?@.id == 59999 && @.a == 'b'].id", expectedValue: 59_999 },
    };
    const startedAt = performance.now();
    expect(judge(config, { body: large })).toEqual(UP);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('the time', () => {
  it.each([
    [20, UP],
    [20.4, UP],
    [21, ['degraded', 'slow_response']],
  ])('of %f ms where 20 are allowed', (totalMs, answer) => {
    expect(judge({ maxResponseTimeMs: 20 }, { timings: { totalMs } })).toEqual(answer);
  });
  it('does not excuse a wrong answer', () => {
    expect(judge({ maxResponseTimeMs: 1 }, { status: 500 })).toEqual(['down', 'unexpected_status']);
  });
});
