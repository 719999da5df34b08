import { expect, test } from 'vitest';
import type { ServiceSpec } from './deployment.js';
import { endpointsOf, withIdentity } from './endpoint.js';
import { isForConsole, lineSplitter } from './log-line.js';
import { overview } from './overview.js';
import { planServices } from './plan-services.js';
import { restartDelay } from './restart.js';
import { parseSettings } from './settings.js';

test.each([
  [undefined, 10, 250],
  [250, 10, 500],
  [16_000, 14_999, 30_000],
  [30_000, 10, 30_000],
  [30_000, 15_000, 250],
])('after a delay of %s ms and %i ms up, the next start waits %i ms', (previous, up, expected) => {
  expect(restartDelay(previous, up)).toBe(expected);
});

test.each([
  ['{"level":30,"msg":"calm"}', 'warn', false],
  ['{"level":40,"msg":"x"}', 'warn', true],
  ['{"level":"info"}', 'warn', false],
  ['{"level":"ERROR"}', 'warn', true],
  ['{"level":"info"}', 'info', true],
  ['{"level":"info"}', 'nonsense', false],
  ['    at main.js:3', 'warn', true],
  ['null', 'warn', true],
  ['', 'trace', false],
  ['{"level":"fatal"}', 'silent', false],
])('%j at level %s is for the console: %s', (line, threshold, expected) => {
  expect(isForConsole(line, threshold)).toBe(expected);
});

test('lines are whole, however the chunks were cut', () => {
  const lines: string[] = [];
  const write = lineSplitter((line) => lines.push(line));
  for (const chunk of ['a', 'b\nc\n\nd', 'e', '\nrest']) write(chunk);
  expect(lines).toEqual(['ab', 'c', '', 'de']);
});

test.each([
  ['nats://u:p@10.0.0.1:4333, nats://other', ['10.0.0.1:4333', 'other:4222']],
  ['postgres://u@[::1]/db', ['[::1]:4222']],
])('endpoints of %s', (urls, expected) => {
  expect(endpointsOf(urls, 4222)).toEqual(expected);
});

test('an identity is put into a URL with whatever signs it has', () => {
  expect(withIdentity('postgres://a:b@h:1/db', 'r', 'p@/:')).toBe('postgres://r:p%40%2F%3A@h:1/db');
});

test('settings have defaults, and all problems are told at once', () => {
  expect(parseSettings({}, '/srv/tocsin')).toEqual({
    dataDir: '/srv/tocsin/.tocsin',
    port: 3000,
    natsPort: undefined,
    natsUrl: undefined,
    databaseUrl: undefined,
    logLevel: 'info',
    consoleLevel: 'warn',
  });
  expect(parseSettings({ LOG_LEVEL: 'debug' }, '/')).toMatchObject({
    logLevel: 'debug',
    consoleLevel: 'debug',
  });
  const env = { TOCSIN_PORT: '99999', NATS_URL: 'http://x', DATABASE_URL: 'mysql://x' };
  expect(() => parseSettings(env, '/')).toThrow(/TOCSIN_PORT.*\nNATS_URL.*\nDATABASE_URL/);
});

const front: ServiceSpec = {
  name: 'front',
  entry: 'f',
  databaseRole: 'r',
  readsSecrets: true,
  isFront: true,
  keepsArtifacts: true,
};
const worker: ServiceSpec = {
  name: 'worker',
  entry: 'w',
  databaseRole: undefined,
  readsSecrets: false,
  isFront: false,
  keepsArtifacts: false,
};
const plan = (bundled: boolean, env: NodeJS.ProcessEnv) =>
  planServices([front, worker], {
    env,
    secrets: {
      secretKey: 'key',
      natsAdmin: 'na',
      nats: { front: 'nf', worker: 'nw' },
      postgresAdmin: 'pa',
      postgres: { front: 'pf', worker: 'pw' },
    },
    natsUrl: 'nats://admin:na@127.0.0.1:1',
    databaseUrl: 'postgres://postgres:pa@127.0.0.1:2/postgres',
    bundled: { nats: bundled, postgres: bundled },
    ports: new Map([
      ['front', 3000],
      ['worker', 3001],
    ]),
    otherEndpoints: ['127.0.0.1:3'],
    tokenFile: '/token',
    logLevel: 'info',
  }).map((service) => service.env);

test('each service is told its own identity and no secret that is not its business', () => {
  const env = {
    PATH: '/bin',
    AWS_SECRET: 'x',
    DATABASE_URL: 'x',
    TOCSIN_PORT: '9',
    TOCSIN_RETENTION: '7d',
    TOCSIN_SECRET_KEY: 'operator',
    TOCSIN_ADMIN_PASSWORD: 'first',
    TOCSIN_OIDC_CLIENT_SECRET: 'client',
    TOCSIN_S3_SECRET_KEY: 'storage',
    SMTP_HOST: 'mail',
  };
  const shared = {
    PATH: '/bin',
    SMTP_HOST: 'mail',
    TOCSIN_RETENTION: '7d',
    LOG_LEVEL: 'info',
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '4194304',
    TOCSIN_PUBLIC_URL: 'http://127.0.0.1:3000',
    TOCSIN_OWN_ENDPOINTS: '127.0.0.1:1,127.0.0.1:2,127.0.0.1:3,127.0.0.1:3000,127.0.0.1:3001',
  };
  expect(plan(true, env)).toEqual([
    {
      ...shared,
      HTTP_PORT: '3000',
      TOCSIN_PORT: '3000',
      NATS_URL: 'nats://front:nf@127.0.0.1:1',
      DATABASE_URL: 'postgres://r:pf@127.0.0.1:2/postgres',
      TOCSIN_SECRET_KEY: 'key',
      TOCSIN_ADMIN_PASSWORD: 'first',
      TOCSIN_OIDC_CLIENT_SECRET: 'client',
      TOCSIN_S3_SECRET_KEY: 'storage',
      TOCSIN_ADMIN_TOKEN_FILE: '/token',
    },
    { ...shared, HTTP_PORT: '3001', NATS_URL: 'nats://worker:nw@127.0.0.1:1' },
  ]);
});

test("the operator's own servers are used by everything under the one identity given", () => {
  const [first, second] = plan(false, {});
  expect(first).toMatchObject({
    NATS_URL: 'nats://admin:na@127.0.0.1:1',
    DATABASE_URL: 'postgres://postgres:pa@127.0.0.1:2/postgres',
  });
  expect(second).not.toHaveProperty('DATABASE_URL');
});

test('the overview lines up, and shows what is down', () => {
  expect(
    overview(
      [
        { name: 'api', pid: 12, where: 'x:1' },
        { name: 'notifier', pid: undefined, where: 'x:2' },
      ],
      { data: '/d' },
    ),
  ).toEqual(['  api       12  x:1', '  notifier   -  x:2', '  data      /d']);
});
