import { routes } from '@tocsin/http-api';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { clientFor } from '../testing/client.fixture.js';
import { createProvider } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
const ids: Record<string, string> = {};
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  ids.monitors = (await api.admin.post('/monitors', { name: 'm', type: 'heartbeat' })).id;
  ids.jobs = (await api.admin.post('/jobs', { name: 'j' })).id;
  ids.tests = (await api.admin.post('/tests', RIGHT.createTest)).id;
  ids.variables = (await api.admin.post('/variables', RIGHT.createVariable)).id;
  ids['notification-providers'] = await createProvider(api);
  ids.subscriptions = (await api.admin.post('/subscriptions', RIGHT.createSubscription)).id;
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
const JSON_TYPE = { 'content-type': 'application/json' };
const closed = routes.filter(({ path, scope }) => path.startsWith('/api/v1') && scope !== 'none');
/** Those of a session know no tokens: they have tests of their own. */
const mine = closed.filter(({ scope }) => scope !== 'session');
const named = (list: typeof routes) => list.map((route) => [route.name, route] as const);
const pathOf = (path: string, id: string) =>
  path.replace('/api/v1', '').replace('{id}', id).replace('{keyId}', UNKNOWN).replace('{name}', 'x');
const idFor = (tag: string) => ids[tag] ?? UNKNOWN;
const bodied = mine.filter(({ body }) => body !== undefined);
/** The least that passes, so that only what is wrong is wrong. */
const RIGHT: Record<string, object> = {
  createMonitor: { name: 'm', type: 'heartbeat' },
  replaceMonitor: { name: 'm', type: 'heartbeat' },
  createJob: { name: 'j' },
  replaceJob: { name: 'j' },
  reportRun: { status: 'passed', durationMs: 1 },
  createNotificationProvider: { name: 'p', type: 'slack', config: { webhookUrl: 'https://h.example/' } },
  replaceNotificationProvider: { name: 'p', type: 'webhook', config: { url: 'http://127.0.0.1/' } },
  testMonitor: { type: 'port_check', target: '127.0.0.1:1', config: { port: 1 } },
  changeMonitors: { action: 'pause', ids: [UNKNOWN] },
  previewCron: { cron: '* * * * *', timeZone: 'UTC' },
  whatIf: { alertConfig: {}, all: true },
  runJobNamed: { jobId: UNKNOWN },
  createJobKey: { name: 'k' },
  createTest: { name: 't', kind: 'browser', definition: { script: '1' } },
  replaceTest: { name: 't', kind: 'browser', definition: { script: '1' } },
  createVariable: { name: 'HOST', value: 'v' },
  replaceVariable: { name: 'HOST', value: 'v' },
  createSubscription: { name: 's', url: 'https://h.example/' },
  replaceSubscription: { name: 's', url: 'https://h.example/' },
  replaySubscription: { from: 'start' },
  createToken: { name: 't', scopes: ['read'] },
  createUser: { email: 'v@example.com', name: 'v', role: 'viewer' },
};

test.each(named(closed))('%s wants a token or a session', async (_, { method, path }) => {
  const answer = await clientFor(api.url, '')
    .send(method.toUpperCase(), pathOf(path, UNKNOWN), '', {})
    .catch(() => undefined);
  if (answer === undefined) return; // fetch sends no body with GET
  expect([401, 429]).toContain(answer.status);
});

// A key that is none of a job's says nothing of whether there is such a job.
test.each(named(mine.filter(({ path, scope }) => path.includes('{id}') && scope !== 'key')))(
  '%s: an id that is none, and one of nothing',
  async (_, route) => {
    const method = route.method.toUpperCase();
    const body = JSON.stringify(RIGHT[route.name] ?? {});
    const send = (id: string) =>
      method === 'GET'
        ? api.admin.get(pathOf(route.path, id))
        : api.admin.send(method, pathOf(route.path, id), body, JSON_TYPE);
    expect((await send('not-a-uuid')).body).toMatchObject({ status: 400, errors: [{ field: 'id' }] });
    expect((await send(UNKNOWN)).body).toMatchObject({ status: 404, code: 'not_found' });
  },
);

test.each(named(mine))('%s: an unknown question', async (_, { name, method, path, tag }) => {
  // What must be asked with is there, so that only the unknown is wrong.
  const asked = name === 'getMonitorBars' ? `ids=${UNKNOWN}&` : '';
  const address = `${pathOf(path, idFor(tag))}?${asked}nonsense=1`;
  const answer =
    method === 'get'
      ? await api.admin.get(address)
      : await api.admin.send(method.toUpperCase(), address, '', {});
  expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'nonsense' }] });
});

test.each(named(bodied))('%s: bodies that are none', async (_, { name, method, path, tag }) => {
  const send = (body: string, headers: Record<string, string> = JSON_TYPE) =>
    api.admin.send(method.toUpperCase(), pathOf(path, idFor(tag)), body, headers);
  const field = (at: string) => ({ status: 400, code: 'validation_failed', errors: [{ field: at }] });
  expect((await send('{"name":')).body).toMatchObject(field('body'));
  for (const body of ['[]', '"x"', '7', 'null'])
    expect((await send(body)).body).toMatchObject({ status: 400, code: 'validation_failed' });
  expect((await send(JSON.stringify({ ...RIGHT[name], nonsense: 1 }))).body).toMatchObject(field('nonsense'));
  expect((await send('{"a":{"__proto__":{"x":1}}}')).body).toMatchObject(field('a.?'));
  expect((await send(String.raw`{"name":"a\u0000"}`)).body).toMatchObject(field('name'));
  expect((await send(String.raw`{"name":"\ud800"}`)).body).toMatchObject(field('name'));
  expect((await send(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)).body).toMatchObject(field('a.a.a'));
  expect((await send('['.repeat(100_000))).status).toBe(400);
  expect((await send('{}', { 'content-type': 'text/xml' })).body).toMatchObject({ status: 415 });
  expect((await send('{}', {})).body).toMatchObject({ status: 415 });
  const huge = JSON.stringify({ name: 'x'.repeat(300_000) });
  expect((await send(huge)).body).toMatchObject({ status: 413, code: 'payload_too_large' });
});

test.each(named(bodied.filter(({ name }) => RIGHT[name] !== undefined)))(
  '%s: each field of another type is named',
  async (_, route) => {
    const right = RIGHT[route.name] as Record<string, unknown>;
    for (const name of Object.keys(right)) {
      const body = JSON.stringify({ ...right, [name]: { wrong: true } });
      const answer = await api.admin.send(
        route.method.toUpperCase(),
        pathOf(route.path, idFor(route.tag)),
        body,
        JSON_TYPE,
      );
      expect(answer.status).toBe(400);
      const fields = (answer.body.errors as { field: string }[]).map(({ field }) => field.split('.')[0]);
      expect(fields).toContain(name);
    }
  },
);

test.each([
  'monitors',
  'jobs',
  'tests',
  'variables',
  'notification-providers',
  'tokens',
  'users',
  'audit',
  'runs',
])('%s: cursors and limits of another list', async (list) => {
  const jobs = Buffer.from(JSON.stringify(['alerts', ['2026-01-01T00:00:00.000Z', UNKNOWN]])).toString(
    'base64url',
  );
  for (const cursor of ['x', jobs, '%00'])
    expect((await api.admin.get(`/${list}?cursor=${cursor}`)).body).toMatchObject({
      status: 400,
      errors: [{ field: 'cursor' }],
    });
  for (const limit of ['0', '201', '1.5', 'many'])
    expect((await api.admin.get(`/${list}?limit=${limit}`)).body).toMatchObject({
      errors: [{ field: 'limit' }],
    });
});

test.each([
  ['/monitors?type=carrier_pigeon', 'type'],
  ['/monitors?status=fine', 'status'],
  ['/monitors?enabled=1', 'enabled'],
  ['/monitors?search=a%00', 'search'],
  ['/monitors?type=dns,pigeon', 'type'],
  ['/monitors?status=', 'status'],
  ['/monitors?sort=colour', 'sort'],
  ['/monitors?order=up', 'order'],
  ['/monitors/bars', 'ids'],
  ['/monitors/bars?ids=x', 'ids'],
  [`/monitors/bars?ids=${UNKNOWN}&checks=101`, 'checks'],
  ['/jobs?status=fine', 'status'],
  ['/notification-providers?type=pager', 'type'],
  ['/tests?kind=shell', 'kind'],
  ['/tests?search=a%00', 'search'],
  ['/runs?status=fine', 'status'],
  ['/runs?trigger=telepathy', 'trigger'],
  ['/runs?jobId=x', 'jobId'],
  ['/runs?from=yesterday', 'from'],
])('%s names the field', async (path, field) => {
  expect((await api.admin.get(path)).body).toMatchObject({ status: 400, errors: [{ field }] });
});

test.each([
  [{ name: '' }, 'name'],
  [{ name: 'x'.repeat(256) }, 'name'],
  [{ type: 'carrier_pigeon' }, 'type'],
  [{ target: 'ftp://x' }, 'target'],
  [{ target: 'http://user:pass@x/' }, 'target'],
  [{ intervalSeconds: 0 }, 'intervalSeconds'],
  [{ intervalSeconds: 86_401 }, 'intervalSeconds'],
  [{ intervalSeconds: '60' }, 'intervalSeconds'],
  [{ locations: [] }, 'locations'],
  [{ quorum: 2 }, 'quorum'],
  [{ config: { timeoutSeconds: 0 } }, 'config.timeoutSeconds'],
  [{ config: { timeout: 1 } }, 'config.timeout'],
  [{ config: { method: 'BREW' } }, 'config.method'],
  [{ config: { auth: { type: 'bearer' } } }, 'config.auth.token'],
  [{ alertConfig: { failureThreshold: 0 } }, 'alertConfig.failureThreshold'],
  [{ alertConfig: { enabled: true } }, 'alertConfig.notificationProviders'],
  [{ alertConfig: { enabled: true, notificationProviders: ['x'] } }, 'alertConfig.notificationProviders.0'],
  [{ alertConfig: { alertOnFlood: true } }, 'alertConfig.alertOnFlood'],
  [{ tags: ['a', 'a'] }, 'tags'],
])('a monitor with %j is refused by name', async (wrong, field) => {
  const right = { name: 'shop', type: 'http_request', target: 'http://127.0.0.1/' };
  const created = await api.admin.post('/monitors', { ...right, ...wrong });
  expect(created.body).toMatchObject({ status: 400, code: 'validation_failed' });
  expect((created.body.errors as { field: string }[]).map((one) => one.field)).toContain(field);
  expect(created.body.detail).toContain(field);
});

test('a body for a route that takes none is refused, an empty object is not', async () => {
  const path = `/monitors/${ids.monitors}/pause`;
  expect((await api.admin.post(path, { force: true })).body).toMatchObject({
    status: 400,
    errors: [{ field: 'body' }],
  });
  expect((await api.admin.post(path, {})).status).toBe(200);
});

test('an idempotency key is short, and If-Match is an ETag', async () => {
  const key = { 'idempotency-key': 'k'.repeat(300) };
  expect((await api.admin.post('/jobs', { name: 'j' }, key)).body).toMatchObject({
    errors: [{ field: 'idempotency-key' }],
  });
});

test('an unknown address and an unknown method are problems too', async () => {
  expect((await api.admin.get('/nowhere')).body).toMatchObject({ status: 404, code: 'not_found' });
  expect((await api.admin.put('/monitors', {})).status).toBe(404);
  const broken = await fetch(`${api.url}/api/v1/monitors/%ff`, {
    headers: { authorization: `Bearer ${api.admin.token}` },
  });
  expect(broken.status).toBe(400);
});

test('no refusal was an error of ours', () => {
  expect(api.lines.filter((line) => line.includes('"error"'))).toEqual([]);
});

test('SEC16 SEC17 answers are not cached, sniffed or framed, and a foreign origin reads nothing', async () => {
  const { headers } = await api.admin.get('/jobs', { origin: 'https://evil.example' });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});
