import type { JsonObject, JsonValue } from '@tocsin/kernel';
// biome-ignore lint/correctness/noUndeclaredDependencies: for tests alone, which use those of the root
import fc from 'fast-check';
import { escaped } from './environment.js';

/** A document as a file holds it, and the environment it needs. */
export interface Written {
  readonly document: JsonObject;
  readonly env: Readonly<Record<string, string>>;
}

type Arbitrary = fc.Arbitrary<JsonValue>;

const text = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .filter((one) => one.trim() === one && one !== '' && !/\p{Cc}/u.test(one));
const lines = fc.array(text(20), { minLength: 1, maxLength: 4 }).map((list) => list.join('\n'));
const names = (maxLength: number) => fc.uniqueArray(text(30), { maxLength });
const some = (fields: Record<string, Arbitrary>, requiredKeys: string[]): fc.Arbitrary<JsonObject> =>
  fc.record(fields, { requiredKeys });

const secret = fc.stringMatching(/^[A-Za-z0-9]{12}$/).map((one) => `CANARY:${one}`);
const url = secret.map((one) => `https://hooks.example/${one.replace(':', '')}`);

const SETTINGS = {
  slack: some({ webhookUrl: url, channel: text(20) }, ['webhookUrl']),
  discord: some({ discordWebhookUrl: url }, ['discordWebhookUrl']),
  teams: some({ teamsWebhookUrl: url }, ['teamsWebhookUrl']),
  telegram: some({ botToken: secret.map((one) => `1${one.slice(6)}`), chatId: fc.constant('@ops') }, [
    'botToken',
    'chatId',
  ]),
  webhook: some(
    {
      url,
      method: fc.constantFrom('POST', 'PUT'),
      headers: fc.constant({ 'X-Token': 'a$$b', 'X-b.c': '1' }),
    },
    ['url'],
  ),
  email: some(
    {
      emails: fc.constant('ann@example.com,bob@example.com'),
      smtp: fc.constant({
        host: 'mail.example',
        port: 587,
        secure: false,
        user: 'x',
        password: 'CANARY:smtp',
        from: 'a@b.example',
      }),
    },
    ['emails'],
  ),
};
const provider = fc
  .constantFrom(...(Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]))
  .chain((type) =>
    some({ type: fc.constant(type), enabled: fc.boolean(), config: SETTINGS[type] }, ['type', 'config']),
  );
const variable = fc.oneof(
  some({ value: text(40), description: text(40) }, ['value']),
  some({ secret }, ['secret']),
);
const tags = fc.uniqueArray(text(10), { maxLength: 3 });
const test = fc.oneof(
  some(
    {
      kind: fc.constant('browser'),
      definition: some({ script: lines, timeoutSeconds: fc.constantFrom(300, 60) }, ['script']),
      tags,
    },
    ['kind', 'definition'],
  ),
  some(
    {
      kind: fc.constant('api'),
      description: lines,
      definition: fc
        .array(
          some(
            {
              name: text(10),
              url: fc.constant('{{BASE}}/x'),
              body: lines,
              method: fc.constantFrom('GET', 'POST'),
              assert: fc.constantFrom([], [{ that: 'json', path: '$.a', is: 'equal', value: null }]),
            },
            ['name', 'url'],
          ),
          { minLength: 1, maxLength: 3 },
        )
        .map((steps) => ({ steps })),
    },
    ['kind', 'definition'],
  ),
);
const alerts = (providers: readonly string[]) =>
  some(
    {
      enabled: fc.boolean().map((enabled) => enabled && providers.length > 0),
      notificationProviders: fc.constant([...providers].slice(0, 10)),
      failureThreshold: fc.integer({ min: 1, max: 5 }),
      alertOnRecovery: fc.boolean(),
      customMessage: lines,
    },
    ['enabled', 'notificationProviders'],
  );
const http = some(
  {
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.constantFrom<JsonObject>({}, { Accept: 'text/*' }, { authorization: 'CANARY:h' }),
    auth: fc.constantFrom<JsonObject>(
      { type: 'none' },
      { type: 'bearer', token: 'CANARY:t' },
      { type: 'basic', username: 'u', password: 'CANARY:p' },
    ),
    body: lines,
    keywordInBody: text(10),
    responseBodyJsonPath: fc.constantFrom<JsonObject>({ path: '$.a', expectedValue: true }),
    timeoutSeconds: fc.constantFrom(30, 5),
  },
  [],
);
const monitor = (providers: readonly string[], tests: readonly string[]) => {
  const of = (type: string, target: string | undefined, config: Arbitrary) =>
    some(
      {
        type: fc.constant(type),
        ...(target === undefined ? {} : { target: fc.constant(target) }),
        config,
        alertConfig: alerts(providers),
        intervalSeconds: fc.constantFrom(60, 30, 3_600),
        enabled: fc.boolean(),
        locations: fc.constantFrom(['local'], ['local', 'eu'], ['us', 'eu']),
        quorum: fc.constantFrom<JsonValue>('any', 'all', 1),
        description: lines,
        tags,
      },
      ['type', ...(target === undefined ? [] : ['target']), ...(type === 'synthetic_test' ? ['config'] : [])],
    );
  return fc.oneof(
    of('http_request', 'https://shop.example/a?b=$c', http),
    of('website', 'https://shop.example', http),
    of('ping_host', 'localhost', fc.constant({})),
    of('port_check', 'localhost', fc.constant({ port: 443 })).map((one) => ({
      ...one,
      config: { port: 443 },
    })),
    of(
      'dns',
      'example.com',
      fc.constantFrom<JsonObject>({}, { recordType: 'MX', expectedValues: ['10 a.example'] }),
    ),
    of('heartbeat', undefined, fc.constantFrom<JsonObject>({}, { graceSeconds: 5 })),
    ...tests.slice(0, 1).map((name) => of('synthetic_test', undefined, fc.constant({ test: name }))),
  );
};
const job = (providers: readonly string[], tests: readonly string[]) =>
  some(
    {
      tests: fc.constant([...tests]),
      ...(tests.length === 0 ? {} : { cron: fc.constantFrom('*/5 * * * *', '0 0 3 * * 1-5') }),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
      alertConfig: alerts(providers),
      retries: fc.integer({ min: 0, max: 2 }),
      description: lines,
      tags,
    },
    ['tests'],
  );

const all = (list: readonly string[], one: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject[]> =>
  fc.tuple(...list.map((name) => one.map((thing) => ({ name, ...thing }))));

/** Documents of everything there is, with names and texts of every script. */
export const documents: fc.Arbitrary<Written> = fc
  .tuple(
    names(4),
    names(3),
    names(5),
    names(3),
    fc.uniqueArray(fc.stringMatching(/^X[A-Z0-9_]{0,8}$/), { maxLength: 3 }),
  )
  .chain(([providers, tests, monitors, jobs, variables]) =>
    fc.record({
      tocsin: fc.constant(1),
      set: fc.constantFrom('shop', 'a_b-C1'),
      providers: all(providers, provider),
      variables: all(variables, variable),
      tests: all(tests, test),
      monitors: all(monitors, monitor(providers, tests)),
      jobs: all(jobs, job(providers, tests)),
    }),
  )
  .map(written);

/** Secrets go to the environment, everything else is written so that it stays what it is. */
function written(document: JsonObject): Written {
  const env: Record<string, string> = {};
  const walk = (value: JsonValue, key: string): JsonValue => {
    if (typeof value === 'string') {
      if (key === 'script') return value;
      if (!value.includes('CANARY')) return escaped(value);
      const name = `S${Object.keys(env).length}`;
      env[name] = value;
      return `\${${name}}`;
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, name)]));
  };
  return { document: walk(document, '') as JsonObject, env };
}
