import type { JsonObject } from '@tocsin/kernel';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { configEvents, hook, script } from '../testing/given.fixture.js';

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

const monitor = { name: 'shop', type: 'http_request', target: 'https://shop.example/' };
const OWNABLE: readonly (readonly [string, JsonObject])[] = [
  ['/monitors', monitor],
  ['/jobs', { name: 'nightly' }],
  ['/tests', script],
  ['/variables', { name: 'BASE_URL', value: 'https://shop.example' }],
  ['/notification-providers', hook],
];

test.each(OWNABLE)(
  '%s: what files own says so in views, lists and events, until nobody owns it',
  async (path, input) => {
    const made = await api.admin.post(path, { ...input, managedBy: 'shop' });
    expect(made.body).toMatchObject({ managedBy: 'shop', revision: 1 });
    const listed = async (set: string) =>
      ((await api.admin.get(`${path}?managedBy=${set}`)).body.items as JsonObject[]).map(({ id }) => id);
    expect([await listed('shop'), await listed('other')]).toEqual([[made.id], []]);

    const replaced = await api.admin.put(`${path}/${made.id}`, input);
    expect(replaced.body).toMatchObject({ managedBy: 'shop', revision: 1 });
    const freed = await api.admin.patch(`${path}/${made.id}`, { managedBy: null });
    expect(freed.body).toMatchObject({ revision: 2 });
    expect(freed.body).not.toHaveProperty('managedBy');
    expect((await configEvents(api, made.id)).map(({ managedBy }) => managedBy)).toEqual(['shop', undefined]);
  },
);

test('what a change is part of is in its event, and the audit trail is filtered by how it begins', async () => {
  const cause = { 'tocsin-cause': 'apply shop 7f3a: für die Kasse' };
  const { id } = await api.admin.post('/monitors', monitor, cause);
  await api.admin.post(`/monitors/${id}/pause`, undefined, cause);
  await api.admin.delete(`/monitors/${id}`, cause);
  await api.admin.post('/monitors', monitor);
  const causes = (await configEvents(api, id)).map(({ changedBy }) => (changedBy as JsonObject).cause);
  expect(causes).toEqual(Array.from({ length: 3 }, () => cause['tocsin-cause']));

  const { body } = await api.admin.get('/audit?cause=apply%20shop%207f3a');
  expect(body.items).toMatchObject(
    ['deleted', 'paused', 'created'].map((action) => ({
      action,
      entityId: id,
      actor: { cause: cause['tocsin-cause'] },
    })),
  );
  expect((await api.admin.get('/audit?cause=apply%20shop%208')).body.items).toEqual([]);
  const { body: revisions } = await api.admin.get(`/monitors/${id}/revisions`);
  expect(revisions.items).toMatchObject([{ changedBy: { cause: cause['tocsin-cause'] } }, {}]);
});

test.each(['', 'x'.repeat(101), 'a\tb'])('a cause such as %j is refused', async (cause) => {
  const answer = await api.admin.post('/monitors', monitor, { 'tocsin-cause': cause });
  expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
});

test('a dry run answers what would be, and leaves everything as it was', async () => {
  const secret = { ...hook, config: { ...hook.config, headers: { authorization: 'one' } } };
  const { id } = await api.admin.post('/notification-providers', secret);
  const dry = async (authorization: string) => {
    const body = { ...secret, config: { ...secret.config, headers: { authorization } } };
    return (await api.admin.put(`/notification-providers/${id}`, body, { 'tocsin-dry-run': 'true' })).body
      .revision;
  };
  expect([await dry('one'), await dry('two'), await dry('two')]).toEqual([1, 2, 2]);
  expect(await configEvents(api, id)).toHaveLength(1);
  expect((await api.admin.get(`/notification-providers/${id}`)).body.revision).toBe(1);
  const wrong = await api.admin.put(
    `/notification-providers/${id}`,
    { ...secret, name: '' },
    { 'tocsin-dry-run': 'true' },
  );
  expect(wrong.status).toBe(400);
});

test.each(['post', 'patch', 'delete'] as const)('a dry run of a %s is refused, not done', async (method) => {
  const { id } = await api.admin.post('/monitors', monitor);
  const dry = { 'tocsin-dry-run': 'true' };
  const answer = await (method === 'post'
    ? api.admin.post('/monitors', monitor, dry)
    : method === 'patch'
      ? api.admin.patch(`/monitors/${id}`, { name: 'another' }, dry)
      : api.admin.delete(`/monitors/${id}`, dry));
  expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'tocsin-dry-run' }] });
  expect(await configEvents(api, id)).toHaveLength(1);
});
