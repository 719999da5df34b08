import { connect, type NatsConnection } from '@nats-io/transport-node';
import { NATS_PERMISSIONS, requests } from '@tocsin/contracts';
import { connectNats, createLogger, type NatsHandle, natsConnectionOptions } from '@tocsin/service-kit';
import { freshNats } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMonitorSecrets, type MonitorSecretsOptions } from './monitor-secrets.request.js';
import { createTestCheck, type TestCheckRequest, testCheckHost } from './test-check.request.js';
import { unmadeCheck } from './unmade-check.js';

const password = 'x'.repeat(16);
const users = (['executor', 'api'] as const).map((name) => ({ name, password, ...NATS_PERMISSIONS[name] }));
const logger = createLogger({ name: 'test', level: 'silent' });
const ID = '0198b1f4-0000-7000-8000-000000000001';

let server: Awaited<ReturnType<typeof freshNats>>;
let api: NatsConnection;
let executor: NatsHandle;
let stopAnswering = (): Promise<void> => Promise.resolve();

beforeAll(async () => {
  server = await freshNats(users);
  const [executorUrl, apiUrl] = ['executor', 'api'].map((name) => server.urlFor({ name, password }));
  executor = connectNats({ url: executorUrl ?? '', name: 'executor' });
  await executor.connection();
  api = await connect(natsConnectionOptions(apiUrl ?? '', 'api'));
});
afterEach(() => stopAnswering());
afterAll(async () => {
  await executor.close();
  await api.close();
  await server.remove();
});

/** @returns what was asked */
async function answerSecrets(answer: (asked: unknown) => unknown): Promise<unknown[]> {
  const asked: unknown[] = [];
  const subscription = api.subscribe(requests.monitorSecret, {
    callback: (_, message) => {
      asked.push(message.json());
      message.respond(JSON.stringify(answer(message.json())));
    },
  });
  stopAnswering = async () => {
    subscription.unsubscribe();
    await api.flush();
  };
  // The server knows of the subscription by the time it has answered.
  await api.flush();
  return asked;
}

describe('the secret of a monitor', () => {
  const secret = { auth: { token: 's3cret' } };
  let misses = 0;
  const secrets = (more: Partial<MonitorSecretsOptions> = {}) =>
    createMonitorSecrets({ nats: executor, now: () => 0, onMiss: () => (misses += 1), ...more });

  it('is asked for once for each version, however many checks need it at once', async () => {
    const asked = await answerSecrets(() => ({ secret }));
    const asking = secrets();
    misses = 0;
    expect(await Promise.all([asking.of(ID, 1), asking.of(ID, 1), asking.of(ID, 1)])).toEqual([
      secret,
      secret,
      secret,
    ]);
    expect(await asking.of(ID, 1)).toEqual(secret);
    expect(await asking.of(ID, 2)).toEqual(secret);
    expect(asked).toEqual([
      { monitorId: ID, version: 1 },
      { monitorId: ID, version: 2 },
    ]);
    expect(misses).toBe(2);
  });
  it('is forgotten after a while', async () => {
    const asked = await answerSecrets(() => ({ secret }));
    let now = 0;
    const asking = secrets({ now: () => now });
    await asking.of(ID, 1);
    now = 10 * 60_000;
    await asking.of(ID, 1);
    expect(asked).toHaveLength(2);
  });
  it.each([
    ['missing', { secret: null }],
    ['missing', { error: { code: 'not_found', message: 'no such version' } }],
    ['unavailable', { error: { code: 'internal', message: 'it broke' } }],
    ['unavailable', 'nonsense'],
  ])('is %s when the api says so, and is asked for again', async (outcome, answer) => {
    const asked = await answerSecrets(() => answer);
    const asking = secrets();
    expect(await asking.of(ID, 1)).toBe(outcome);
    expect(await asking.of(ID, 1)).toBe(outcome);
    expect(asked).toHaveLength(2);
  });
  it('is unavailable while nobody answers, and while NATS is away', async () => {
    expect(await secrets().of(ID, 1)).toBe('unavailable');
    const away = { current: () => undefined, isConnected: () => false };
    expect(await secrets({ nats: away }).of(ID, 1)).toBe('unavailable');
  });
});

describe('a test check', () => {
  const due = {
    monitorId: ID,
    project: 'default',
    kind: 'http_request',
    slot: '2026-01-01T00:00:00.000Z',
    location: 'local',
    target: 'http://127.0.0.1/',
    config: {},
    configRevision: 0,
    trigger: 'manual' as const,
  };
  const error = { code: 'example', message: 'example' };
  const secrets = { of: () => Promise.resolve('missing' as const) };
  const run = () => Promise.resolve(unmadeCheck(due, error, 0));

  it('is answered by the host until the service stops', async () => {
    const test = createTestCheck({ secrets, run });
    const stopping = new AbortController();
    const host = testCheckHost({ nats: executor, location: 'local', logger });
    const running = host.run(async (payload) => {
      const { asked, respond } = payload as TestCheckRequest;
      respond(await test(asked));
    }, stopping.signal);
    await executor.current()?.flush();
    const ask = async (asked: unknown) =>
      (await api.request(requests.testCheck('local'), JSON.stringify(asked), { timeout: 2_000 })).json();
    expect(await ask(due)).toMatchObject({ result: { outcome: 'error', error } });
    expect(await ask('nonsense')).toMatchObject({ error: { code: 'invalid_request' } });
    stopping.abort();
    await running;
  });
  it('ends with the service even when NATS was never there', async () => {
    const stopping = new AbortController();
    const never = { connection: () => new Promise<never>(() => undefined) };
    const running = testCheckHost({ nats: never, location: 'local', logger }).run(
      () => Promise.resolve(),
      stopping.signal,
    );
    stopping.abort();
    await expect(running).resolves.toBeUndefined();
  });
  it('names the field that is wrong', async () => {
    const answer = await createTestCheck({ secrets, run })({ ...due, monitorId: 7 });
    expect(answer).toMatchObject({
      error: { code: 'invalid_request', message: expect.stringContaining('monitorId') as string },
    });
  });
  it('says when its secret is gone', async () => {
    expect(await createTestCheck({ secrets, run })({ ...due, secretVersion: 1 })).toMatchObject({
      error: { code: 'secret_missing' },
    });
  });
  it('waits for nobody: beyond twenty at once it is refused, and afterwards it is not', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = () => gate.promise.then(run);
    const test = createTestCheck({ secrets, run: slow });
    const running = Array.from({ length: 20 }, () => test(due));
    expect(await test(due)).toMatchObject({ error: { code: 'busy' } });
    gate.resolve();
    await Promise.all(running);
    expect(await test(due)).toHaveProperty('result');
  });
});
