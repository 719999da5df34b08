import { requests } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import type { CheckDue } from '@tocsin/monitoring';
import { connectNats, type NatsHandle } from '@tocsin/service-kit';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { clientWith, configEvents, createTest, foreigner } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
let executor: NatsHandle;
/** what an executor of the location was asked */
let asked: CheckDue[] = [];
let answer: (due: CheckDue) => JsonObject;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  executor = connectNats({ url: servers.natsUrl, name: 'executor' });
  const nc = await executor.connection();
  nc.subscribe(requests.testCheck('berlin'), {
    callback: (_, message) => {
      const due = message.json<CheckDue>();
      asked.push(due);
      message.respond(JSON.stringify(answer(due)));
    },
  });
  await nc.flush();
});
beforeEach(() => {
  asked = [];
  answer = madeOf;
});
afterAll(async () => {
  await executor?.close();
  await api?.stop();
  await servers?.stop();
});

/** As executors answer. */
const madeOf = ({ monitorId, project, kind, slot, location, configRevision, trigger }: CheckDue) => ({
  result: {
    monitorId,
    project,
    kind,
    slot,
    location,
    configRevision,
    trigger,
    outcome: 'down',
    startedAt: slot,
    finishedAt: slot,
    latencyMs: 12,
    timings: { dnsMs: 1, connectMs: 2, totalMs: 12 },
    attempts: 1,
    error: { code: 'status_code', message: 'answered 500' },
    observed: { statusCode: 500 },
  },
});

const shop = { type: 'http_request', target: 'http://127.0.0.1:8081/', location: 'berlin' };
const bearer = (token: string) => ({ auth: { type: 'bearer', token } });

test('what is not saved is checked once, and the whole result is shown', async () => {
  const { status, body } = await api.admin.post('/monitors/test', {
    ...shop,
    config: { retries: 3, timeoutSeconds: 120, ...bearer('canary') },
  });
  expect([status, body]).toMatchObject([
    200,
    {
      outcome: 'down',
      latencyMs: 12,
      error: { code: 'status_code', message: 'answered 500' },
      timings: { dnsMs: 1, totalMs: 12 },
      observed: { statusCode: 500 },
      certificate: null,
      location: 'berlin',
    },
  ]);
  expect(asked).toMatchObject([
    {
      target: shop.target,
      location: 'berlin',
      kind: 'http_request',
      project: 'default',
      trigger: 'manual',
    },
  ]);
  expect(asked[0]?.config).toMatchObject({ retries: 0, timeoutSeconds: 50, ...bearer('canary') });
});

test('nothing of it is recorded', async () => {
  const before = await api.streamed('CONFIG');
  await api.admin.post('/monitors/test', shop);
  const id = asked[0]?.monitorId ?? '';
  expect(await configEvents(api, id)).toEqual([]);
  expect((await api.admin.get(`/monitors/${id}`)).status).toBe(404);
  expect(await api.streamed('CONFIG')).toHaveLength(before.length);
  expect(await api.streamed('RESULTS')).toEqual([]);
});

test('stored secrets stand for their masks, as long as the check goes where they were given for', async () => {
  const { id } = await api.admin.post('/monitors', {
    name: 'shop',
    ...shop,
    location: undefined,
    config: bearer('s3cret'),
  });
  const masked = { ...shop, id, config: { ...bearer('********'), timeoutSeconds: 5 } };
  expect((await api.admin.post('/monitors/test', masked)).status).toBe(200);
  expect(asked[0]).toMatchObject({ monitorId: id, config: { ...bearer('s3cret'), timeoutSeconds: 5 } });
  const moved = await api.admin.post('/monitors/test', { ...masked, target: 'http://evil.example/' });
  expect(moved.body).toMatchObject({ status: 400, errors: [{ field: 'config.auth.token' }] });
  const nobodys = await api.admin.post('/monitors/test', { ...masked, id: undefined });
  expect(nobodys.body).toMatchObject({ status: 400, errors: [{ field: 'config.auth.token' }] });
  const retyped = await api.admin.post('/monitors/test', { ...masked, type: 'website' });
  expect(retyped.body).toMatchObject({ status: 400, errors: [{ field: 'type' }] });
  const stranger = await foreigner(api);
  expect((await stranger.post('/monitors/test', masked)).status).toBe(404);
  expect(asked).toHaveLength(1);
});

test.each([
  [{ target: 'ftp://x' }, 'target'],
  [{ config: { timeoutSeconds: 0 } }, 'config.timeoutSeconds'],
  [{ config: { method: 'BREW' } }, 'config.method'],
  [{ location: 'a.b' }, 'location'],
  [{ type: 'pigeon' }, 'type'],
  [{ id: 'x' }, 'id'],
  [
    { type: 'synthetic_test', target: '', config: { testId: '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8' } },
    'config.testId',
  ],
])('%j is refused by name', async (wrong, field) => {
  const { body } = await api.admin.post('/monitors/test', { ...shop, ...wrong });
  expect(body).toMatchObject({ status: 400, errors: [{ field }] });
  expect(asked).toEqual([]);
});

test('a test that is the project’s can be tried; a heartbeat is nothing to check', async () => {
  const testId = await createTest(api);
  const answered = await api.admin.post('/monitors/test', {
    type: 'synthetic_test',
    config: { testId },
    location: 'berlin',
  });
  expect(answered.status).toBe(200);
  expect((await api.admin.post('/monitors/test', { type: 'heartbeat' })).body).toMatchObject({
    code: 'conflict',
  });
});

test('where no executor answers, or has no time, it is said at once', async () => {
  const started = performance.now();
  const { body } = await api.admin.post('/monitors/test', { ...shop, location: 'nowhere' });
  expect(body).toMatchObject({ status: 503, code: 'unavailable' });
  expect(body.detail).toContain('nowhere');
  expect(performance.now() - started).toBeLessThan(2_000);
  answer = () => ({ error: { code: 'busy', message: '20 test checks are running; try again shortly' } });
  expect((await api.admin.post('/monitors/test', shop)).body).toMatchObject({
    status: 429,
    detail: '20 test checks are running; try again shortly',
  });
  answer = () => ({ hello: 'world' });
  expect((await api.admin.post('/monitors/test', shop)).body).toMatchObject({ code: 'unavailable' });
});

test('only who may write may have checks made', async () => {
  const reader = await clientWith(api, 'read');
  expect((await reader.post('/monitors/test', shop)).status).toBe(403);
  expect((await (await clientWith(api, 'write')).post('/monitors/test', shop)).status).toBe(200);
});
