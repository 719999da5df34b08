import { MONITOR_KINDS } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { joinSecrets, splitSecrets } from '../config-schema.js';
import {
  dnsConfig,
  heartbeatConfig,
  httpRequestConfig,
  monitorKinds,
  parseResolver,
  parseStatusCodes,
  parseTarget,
  pingHostConfig,
  portCheckConfig,
  websiteConfig,
} from './index.js';
import { jsonPathProblem } from './json-path.js';

describe('settings', () => {
  it('have these defaults', () => {
    const active = { retries: 0, retryDelaySeconds: 1 };
    const http = {
      method: 'GET',
      headers: {},
      auth: { type: 'none' },
      expectedStatusCodes: '200-299',
      keywordInBodyShouldBePresent: true,
      followRedirects: true,
      maxRedirects: 5,
      tlsVerify: true,
      timeoutSeconds: 30,
      ...active,
    };
    expect(httpRequestConfig.schema.parse({})).toEqual(http);
    expect(websiteConfig.schema.parse({})).toEqual({
      ...http,
      enableSslCheck: true,
      sslDaysUntilExpirationWarning: 30,
    });
    expect(pingHostConfig.schema.parse({})).toEqual({
      count: 1,
      method: 'auto',
      ports: [443, 80],
      timeoutSeconds: 5,
      ...active,
    });
    expect(portCheckConfig.schema.parse({ port: 22 })).toEqual({
      port: 22,
      protocol: 'tcp',
      expectClosed: false,
      timeoutSeconds: 10,
      ...active,
    });
    expect(dnsConfig.schema.parse({})).toEqual({
      recordType: 'A',
      match: 'any',
      timeoutSeconds: 10,
      ...active,
    });
    expect(heartbeatConfig.schema.parse({})).toEqual({ graceSeconds: 60 });
  });
  it.each(MONITOR_KINDS)('of %s refuse a field nobody knows', (kind) => {
    const needed = { port_check: { port: 1 }, synthetic_test: { testId: crypto.randomUUID() } };
    const config = needed[kind as keyof typeof needed] ?? {};
    expect(monitorKinds[kind].schema.safeParse(config).success).toBe(true);
    expect(monitorKinds[kind].schema.safeParse({ ...config, surprise: 1 }).success).toBe(false);
  });
  it.each([
    ['a method of its own', { method: 'BREW' }],
    ['a header that splits', { headers: { 'x-a': 'b\r\nc: d' } }],
    ['a header name with a blank', { headers: { 'x a': 'b' } }],
    ['a framing header', { headers: { 'Transfer-Encoding': 'chunked' } }],
    ['basic auth without a password', { auth: { type: 'basic', username: 'a' } }],
    ['status codes that are none', { expectedStatusCodes: '200-' }],
    ['a timeout of none', { timeoutSeconds: 0 }],
    ['a timeout of minutes', { timeoutSeconds: 121 }],
    ['six retries', { retries: 6 }],
    [
      'a path with a regular expression',
      { responseBodyJsonPath: { path: "$[?search(@.a, 'b')]", expectedValue: 1 } },
    ],
  ])('of http_request refuse %s', (_, config) => {
    expect(httpRequestConfig.schema.safeParse(config).success).toBe(false);
  });
});

describe('secrets', () => {
  it('are taken out of auth and of headers that look like it, and put back', () => {
    const config = {
      auth: { type: 'basic', username: 'ann', password: 'p' },
      headers: {
        Authorization: 'a',
        'proxy-authorization': 'b',
        Cookie: 'c',
        'X-Api-Key': 'd',
        'x-session-token': 'e',
        'X-Client-Secret': 'f',
        accept: 'text/html',
      },
    };
    const paths = httpRequestConfig.secretPaths(httpRequestConfig.schema.parse(config));
    const { open, secret } = splitSecrets(config, paths);
    expect(open).toEqual({ auth: { type: 'basic', username: 'ann' }, headers: { accept: 'text/html' } });
    expect(joinSecrets(open, secret)).toEqual(config);
    const bearer = websiteConfig.schema.parse({ auth: { type: 'bearer', token: 't' } });
    expect(websiteConfig.secretPaths(bearer)).toEqual([['auth', 'token']]);
  });
});

describe('expected status codes', () => {
  it.each([
    ['2xx', [200, 299], [199, 300]],
    ['2XX', [204], [304]],
    ['200-299', [200, 250, 299], [300, 404]],
    ['200,404', [200, 404], [201, 403]],
    [' 2xx, 301 , 400-404 ', [204, 301, 402], [302, 405, 500]],
  ])('%s', (text, yes, no) => {
    const matches = parseStatusCodes(text);
    expect([...yes, ...no].filter((status) => matches?.(status))).toEqual(yes);
  });
  it.each(['', '20', '2x', '6xx', '099', '600', '299-200', '200;201', '200,', 'any'])(
    '%j is none',
    (text) => {
      expect(parseStatusCodes(text)).toBeUndefined();
    },
  );
});

describe('a JSON path', () => {
  it.each([
    '$',
    '$.a.b',
    "$['a,b']..c[0]",
    '$.items[?@.id==3].name',
    '$.a[1:5]',
    '$[?length(@.a) > 2]',
    '$.price_in_[*]',
  ])('%s can be used', (path) => {
    expect(jsonPathProblem(path)).toBeUndefined();
  });
  it.each([
    'a.b',
    '$..a..b',
    '$[*,*][*,*]',
    '$[?$..a == @]',
    "$[?match(@.a, '(a+)+')]",
    "$['a",
    '$[?@.a == "x\\"]',
  ])('%s cannot', (path) => {
    expect(jsonPathProblem(path)).toBeDefined();
  });
});

describe('a target', () => {
  it.each([
    ['http_request', ' https://example.com/health?q=1 '],
    ['website', 'http://10.0.0.1:8080'],
    ['website', 'https://bücher.example/'],
    ['ping_host', 'example.com'],
    ['ping_host', '10.0.0.1'],
    ['ping_host', '2001:db8::1'],
    ['port_check', 'db_1.internal.'],
    ['dns', '_dmarc.example.com'],
    ['heartbeat', ''],
  ] as const)('of %s may be %j', (kind, target) => {
    expect(parseTarget(kind, target)).toBe(target.trim());
  });
  it.each([
    ['http_request', 'example.com'],
    ['http_request', 'file:///etc/passwd'],
    ['http_request', 'https://user:pw@example.com/'],
    ['http_request', 'https://exa\nmple.com/'],
    ['website', 'ftp://example.com'],
    ['website', ''],
    ['ping_host', '-f'],
    ['ping_host', '-c 1 example.com'],
    ['ping_host', 'a;reboot'],
    ['ping_host', '$(id).example.com'],
    ['ping_host', 'a\nb'],
    ['ping_host', 'https://example.com'],
    ['port_check', 'example.com:80'],
    ['port_check', 'a..b'],
    ['port_check', 'fe80::1%eth0'],
    ['dns', ''],
    ['heartbeat', 'https://example.com'],
  ] as const)('of %s may not be %j', (kind, target) => {
    expect(() => parseTarget(kind, target)).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        problems: [expect.objectContaining({ field: 'target' })],
      }),
    );
  });
});

describe('a name server', () => {
  it.each([
    ['9.9.9.9', '9.9.9.9', 53],
    ['127.0.0.1:5353', '127.0.0.1', 5353],
    ['2620:fe::fe', '2620:fe::fe', 53],
    ['[2620:fe::fe]:5353', '2620:fe::fe', 5353],
  ])('%s', (text, address, port) => {
    expect(parseResolver(text)).toEqual({ address, port });
  });
  it.each([
    'dns.example',
    '9.9.9',
    '9.9.9.9:',
    '9.9.9.9:0',
    '9.9.9.9:70000',
    '[9.9.9.9',
    '9.9.9.9:53:53',
    '--help',
  ])('%j is none', (text) => {
    expect(parseResolver(text)).toBeUndefined();
  });
});
