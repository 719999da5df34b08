import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { configEvents, createProvider, hook } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const shop = { name: 'shop', type: 'http_request', target: 'http://127.0.0.1:8081/' };
const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';

test('a monitor is created with its defaults and read again', async () => {
  const created = await api.admin.post('/monitors', shop);
  expect(created.status).toBe(201);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toMatchObject({
    ...shop,
    intervalSeconds: 60,
    status: 'pending',
    enabled: true,
    locations: ['local'],
    lastCheckAt: null,
    revision: 1,
    alertConfig: { enabled: false, failureThreshold: 1 },
  });
  const read = await api.admin.get(`/monitors/${created.id}`);
  expect(read.body).toEqual(created.body);
});

test('K3 a monitor that is created or enabled says since when, so that its first check is due at once', async () => {
  const { id } = await api.admin.post('/monitors', { ...shop, enabled: false });
  const resumed = await api.admin.post(`/monitors/${id}/resume`);
  expect(resumed.body).toMatchObject({ enabled: true, status: 'pending', revision: 2 });
  const [created, enabled] = await configEvents(api, id);
  expect(created).toMatchObject({ enabled: false, revision: 1 });
  expect(enabled).toMatchObject({ enabled: true, revision: 2, enabledAt: resumed.body.updatedAt });
});

test('pausing and resuming twice is doing it once, and pausing does not move enabledAt', async () => {
  const { id, body } = await api.admin.post('/monitors', shop);
  expect((await api.admin.post(`/monitors/${id}/pause`)).body).toMatchObject({
    status: 'paused',
    revision: 2,
  });
  expect((await api.admin.post(`/monitors/${id}/pause`, {})).body).toMatchObject({ revision: 2 });
  const events = await configEvents(api, id);
  expect(events).toHaveLength(2);
  expect(events[1]).toMatchObject({ enabled: false, enabledAt: body.createdAt });
});

test('K18 an edit through any route is one revision and one event that carries the whole monitor', async () => {
  const { id } = await api.admin.post('/monitors', shop);
  await api.admin.patch(`/monitors/${id}`, { target: 'http://127.0.0.1:9/' });
  await api.admin.put(`/monitors/${id}`, { ...shop, name: 'shop 2', config: { timeoutSeconds: 5 } });
  await api.admin.patch(`/monitors/${id}`, { alertConfig: { failureThreshold: 4 } });
  const events = await configEvents(api, id);
  expect(events.map(({ revision, name, target }) => [revision, name, target])).toEqual([
    [1, 'shop', 'http://127.0.0.1:8081/'],
    [2, 'shop', 'http://127.0.0.1:9/'],
    [3, 'shop 2', 'http://127.0.0.1:8081/'],
    [4, 'shop 2', 'http://127.0.0.1:8081/'],
  ]);
  expect(events[3]).toMatchObject({ alertConfig: { failureThreshold: 4 }, config: { timeoutSeconds: 5 } });
});

test('a change that changes nothing is no revision and no event', async () => {
  const { id, body } = await api.admin.post('/monitors', { ...shop, tags: ['a'], description: 'x' });
  const { body: patched } = await api.admin.patch(`/monitors/${id}`, { name: 'shop' });
  expect(patched).toEqual(body);
  await api.admin.put(`/monitors/${id}`, { ...shop, tags: ['a'], description: 'x' });
  expect(await configEvents(api, id)).toHaveLength(1);
});

test('a patch merges: null removes, what is not named stays', async () => {
  const { id } = await api.admin.post('/monitors', {
    ...shop,
    description: 'the shop',
    config: { headers: { accept: 'text/html', 'x-team': 'blue' }, keywordInBody: 'ok' },
  });
  const { body } = await api.admin.patch(`/monitors/${id}`, {
    description: null,
    config: { headers: { accept: null }, keywordInBody: null },
  });
  expect(body).not.toHaveProperty('description');
  expect(body.config).toMatchObject({ headers: { 'x-team': 'blue' }, method: 'GET' });
  expect(body.config).not.toHaveProperty('keywordInBody');
});

test('a mute is set and ended', async () => {
  const { id } = await api.admin.post('/monitors', shop);
  const muted = await api.admin.patch(`/monitors/${id}`, {
    alertConfig: { mutedUntil: '2030-01-01T00:00:00Z' },
  });
  expect(muted.body.alertConfig).toMatchObject({ mutedUntil: '2030-01-01T00:00:00.000Z' });
  const ended = await api.admin.patch(`/monitors/${id}`, { alertConfig: { mutedUntil: null } });
  expect(ended.body.alertConfig).not.toHaveProperty('mutedUntil');
});

test('the type of a monitor stays', async () => {
  const { id } = await api.admin.post('/monitors', shop);
  const answer = await api.admin.put(`/monitors/${id}`, { name: 'x', type: 'dns', target: 'example.com' });
  expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'type' }] });
});

test('K16 settings that are declared are checked, stored and on the log: JSONPath, certificate days, retries', async () => {
  const config = {
    responseBodyJsonPath: { path: '$.status', expectedValue: 'ok' },
    sslDaysUntilExpirationWarning: 14,
    retries: 2,
    retryDelaySeconds: 3,
  };
  const site = { name: 'site', type: 'website', target: 'https://127.0.0.1/', config };
  const { id, body } = await api.admin.post('/monitors', site);
  expect(body.config).toMatchObject(config);
  expect((await configEvents(api, id))[0]).toMatchObject({ config });
  const wrong = {
    ...site,
    config: { ...config, responseBodyJsonPath: { path: '$..a..b', expectedValue: 1 } },
  };
  expect((await api.admin.post('/monitors', wrong)).body).toMatchObject({
    errors: [{ field: 'config.responseBodyJsonPath.path' }],
  });
});

test('an ETag that is no longer true changes nothing', async () => {
  const { id } = await api.admin.post('/monitors', shop);
  const first = await api.admin.patch(`/monitors/${id}`, { name: 'a' }, { 'if-match': '"1"' });
  expect(first.headers.get('etag')).toBe('"2"');
  for (const answer of [
    await api.admin.patch(`/monitors/${id}`, { name: 'b' }, { 'if-match': '"1"' }),
    await api.admin.put(`/monitors/${id}`, shop, { 'if-match': '"1"' }),
    await api.admin.delete(`/monitors/${id}`, { 'if-match': '"1"' }),
  ])
    expect(answer.body).toMatchObject({ status: 412, code: 'precondition_failed' });
  const vague = await api.admin.patch(`/monitors/${id}`, { name: 'b' }, { 'if-match': 'latest' });
  expect(vague.body).toMatchObject({ status: 400, errors: [{ field: 'If-Match' }] });
  expect((await api.admin.get(`/monitors/${id}`)).body).toMatchObject({ name: 'a', revision: 2 });
});

test('of concurrent edits based on one ETag one wins; without ETags none is lost', async () => {
  const { id } = await api.admin.post('/monitors', shop);
  const names = Array.from({ length: 8 }, (_, index) => `name ${index}`);
  const raced = await Promise.all(
    names.map((name) => api.admin.patch(`/monitors/${id}`, { name }, { 'if-match': '"1"' })),
  );
  expect(raced.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    200, 412, 412, 412, 412, 412, 412, 412,
  ]);
  await Promise.all(
    names.map((tag, index) =>
      api.admin.patch(`/monitors/${id}`, { config: { headers: { [`x-${index}`]: tag } } }),
    ),
  );
  const { body } = await api.admin.get(`/monitors/${id}`);
  expect(body.revision).toBe(10);
  expect(Object.keys((body.config as { headers: object }).headers)).toHaveLength(8);
  const revisions = (await configEvents(api, id)).map(({ revision }) => revision);
  expect(revisions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('alerts go to providers that exist, and the join table says to which, in order', async () => {
  const [one, two] = [await createProvider(api), await createProvider(api)];
  const alertConfig = { enabled: true, notificationProviders: [two, one] };
  const { id } = await api.admin.post('/monitors', { ...shop, alertConfig });
  const links = () =>
    api.db
      .selectFrom('config.monitor_notification_settings')
      .select(['provider_id', 'position'])
      .where('monitor_id', '=', id)
      .orderBy('position')
      .execute();
  expect(await links()).toEqual([
    { provider_id: two, position: 0 },
    { provider_id: one, position: 1 },
  ]);
  await api.admin.patch(`/monitors/${id}`, { alertConfig: { notificationProviders: [one] } });
  expect(await links()).toEqual([{ provider_id: one, position: 0 }]);
  const stranger = { notificationProviders: [one, UNKNOWN] };
  const refused = await api.admin.patch(`/monitors/${id}`, { alertConfig: stranger });
  expect(refused.body).toMatchObject({ errors: [{ field: 'alertConfig.notificationProviders.1' }] });
  expect((await api.admin.get(`/monitors/${id}`)).body).toMatchObject({ revision: 2 });
});

test('a deleted monitor is gone, with its links and secrets, and the log says so', async () => {
  const provider = await createProvider(api);
  const { id } = await api.admin.post('/monitors', {
    ...shop,
    config: { auth: { type: 'bearer', token: 'canary' } },
    alertConfig: { enabled: true, notificationProviders: [provider] },
  });
  expect((await api.admin.delete(`/monitors/${id}`)).status).toBe(204);
  expect((await api.admin.get(`/monitors/${id}`)).status).toBe(404);
  expect((await api.admin.delete(`/monitors/${id}`)).status).toBe(404);
  expect(await api.db.selectFrom('config.secret').selectAll().where('record_id', '=', id).execute()).toEqual(
    [],
  );
  expect((await configEvents(api, id))[1]).toMatchObject({ monitorId: id, revision: 2 });
  expect((await api.admin.delete(`/notification-providers/${provider}`)).status).toBe(204);
});

test('monitors are listed by what they are, a page at a time', async () => {
  const made: string[] = [];
  for (const name of ['p_1', 'p%2', 'p3'])
    made.push((await api.admin.post('/monitors', { ...shop, name, tags: ['paged'] })).id);
  await api.admin.post(`/monitors/${made[2]}/pause`);
  const ids = async (query: string) => {
    const { body } = await api.admin.get(`/monitors?tag=paged&${query}`);
    return (body.items as { id: string }[]).map(({ id }) => made.indexOf(id));
  };
  expect(await ids('')).toEqual([0, 1, 2]);
  expect(await ids('search=P_')).toEqual([0]);
  expect(await ids('search=%25')).toEqual([1]);
  expect(await ids('enabled=false')).toEqual([2]);
  expect(await ids('status=paused')).toEqual([2]);
  expect(await ids('status=pending')).toEqual([0, 1]);
  expect(await ids('status=up')).toEqual([]);
  expect(await ids('type=dns')).toEqual([]);
  const first = await api.admin.get('/monitors?tag=paged&limit=2');
  expect(first.body.items).toHaveLength(2);
  expect(await ids(`limit=2&cursor=${textAt(first.body, 'nextCursor')}`)).toEqual([2]);
});

test('"check now" is a due check per location, and says why there is none', async () => {
  const { id } = await api.admin.post('/monitors', { ...shop, locations: ['local', 'fra'] });
  const answer = await api.admin.post(`/monitors/${id}/run`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ monitorId: id, locations: ['local', 'fra'] });
  const due = await api.streamed('CHECKS');
  const mine = due.filter(({ data }) => data.monitorId === id);
  expect(mine.map(({ data }) => [data.location, data.trigger, data.slot])).toEqual([
    ['local', 'manual', answer.body.slot],
    ['fra', 'manual', answer.body.slot],
  ]);
  await api.admin.post(`/monitors/${id}/pause`);
  expect((await api.admin.post(`/monitors/${id}/run`)).body).toMatchObject({ code: 'conflict' });
  const beat = await api.admin.post('/monitors', { name: 'b', type: 'heartbeat' });
  expect((await api.admin.post(`/monitors/${beat.id}/run`)).body).toMatchObject({ code: 'conflict' });
});

test('every accepted change is in the stream, in order, with who made it', async () => {
  const { id } = await api.admin.post('/notification-providers', hook);
  await api.admin.patch(`/notification-providers/${id}`, { name: 'other' });
  await api.admin.delete(`/notification-providers/${id}`);
  const told = async () => (await api.streamed('CONFIG')).filter(({ data }) => data.providerId === id);
  await expect.poll(async () => (await told()).length).toBe(3);
  expect((await told()).map(({ type, data }) => [type, data.revision])).toEqual([
    ['ProviderConfigured', 1],
    ['ProviderConfigured', 2],
    ['ProviderDeleted', 3],
  ]);
  expect((await told())[0]?.data.changedBy).toMatchObject({ kind: 'token', name: 'first administrator' });
});
