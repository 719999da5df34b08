import { toInstant } from '@tocsin/kernel';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { PASSWORD, signedIn } from '../testing/browser.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { configEvents, createTest } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
let nowMs = Date.now();
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => {
    nowMs += 10;
    return toInstant(nowMs);
  });
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly action: string;
  readonly entityName: string | null;
  readonly network: string | null;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}
const audit = async (query: string): Promise<Entry[]> =>
  (await api.admin.get(`/audit?${query}`)).body.items as unknown as Entry[];

const site = { name: 'site', type: 'http_request', target: 'https://example.com/', intervalSeconds: 60 };

test('who changed what, when, from where, before and after', async () => {
  const ada = await signedIn(api, 'editor', 'ada@example.com');
  const { id } = await ada.post('/monitors', site);
  await ada.patch(`/monitors/${id}`, { intervalSeconds: 30, name: 'the site' });
  await ada.post(`/monitors/${id}/pause`);
  await api.admin.post(`/monitors/${id}/resume`);
  await api.admin.delete(`/monitors/${id}`);
  const entries = await audit(`entityId=${id}`);
  expect(entries.map(({ action, actor, kind }) => [kind, action, actor.kind, actor.name])).toEqual([
    ['monitor', 'deleted', 'token', 'first administrator'],
    ['monitor', 'resumed', 'token', 'first administrator'],
    ['monitor', 'paused', 'user', 'ada@example.com'],
    ['monitor', 'changed', 'user', 'ada@example.com'],
    ['monitor', 'created', 'user', 'ada@example.com'],
  ]);
  const [deleted, , paused, changed, created] = entries;
  expect(created).toMatchObject({
    network: '127.0.0.1',
    before: null,
    after: { name: 'site', target: site.target },
  });
  expect(changed).toMatchObject({
    entityName: 'the site',
    before: { name: 'site', intervalSeconds: 60 },
    after: { name: 'the site', intervalSeconds: 30 },
  });
  expect(paused?.after).toEqual({ enabled: false });
  expect(deleted).toMatchObject({ entityName: 'the site', after: null, before: { name: 'the site' } });
});

test('the address is beside the log, never in it', async () => {
  const { id } = await api.admin.post('/jobs', { name: 'j' });
  expect(JSON.stringify(await configEvents(api, id))).not.toContain('127.0.0.1');
  await expect
    .poll(async () => (await api.streamed('CONFIG')).some(({ data }) => data.jobId === id))
    .toBe(true);
  const told = (await api.streamed('CONFIG')).filter(({ data }) => data.jobId === id);
  expect(JSON.stringify(told)).not.toContain('127.0.0.1');
  expect((await audit(`entityId=${id}`))[0]?.network).toBe('127.0.0.1');
});

test('who may do what is told as well: users, tokens and keys of jobs', async () => {
  const { id } = await api.admin.post('/users', {
    email: 'b@example.com',
    name: 'B',
    role: 'viewer',
    password: PASSWORD,
  });
  await api.admin.patch(`/users/${id}`, { role: 'admin' });
  await api.admin.post(`/users/${id}/password`);
  expect((await audit(`entityId=${id}`)).map(({ action, before, after }) => [action, before, after])).toEqual(
    [
      ['password_reset', { passwordIsTemporary: false }, { passwordIsTemporary: true }],
      ['changed', { role: 'viewer' }, { role: 'admin' }],
      ['created', null, expect.objectContaining({ email: 'b@example.com', role: 'viewer' })],
    ],
  );
  const token = await api.admin.post('/tokens', { name: 'ci', scopes: ['write'] });
  await api.admin.delete(`/tokens/${token.id}`);
  expect((await audit('kind=token')).map(({ action, entityName }) => [action, entityName])).toEqual([
    ['deleted', 'ci'],
    ['created', 'ci'],
  ]);
  const job = await api.admin.post('/jobs', { name: 'j' });
  const key = await api.admin.post(`/jobs/${job.id}/keys`, { name: 'k' });
  await api.admin.delete(`/jobs/${job.id}/keys/${key.id}`);
  expect((await audit('kind=key')).map(({ action }) => action)).toEqual(['deleted', 'created']);
});

test('it is filtered by actor, kind, entity and time', async () => {
  const bob = await signedIn(api, 'editor', 'bob@example.com');
  const begin = toInstant(nowMs);
  const job = await bob.post('/jobs', { name: 'bobs' });
  await bob.post('/variables', { name: 'HOST', value: 'v' });
  nowMs += 10;
  const end = toInstant(nowMs);
  await bob.post('/jobs', { name: 'later' });
  const kinds = async (query: string) => (await audit(query)).map(({ kind }) => kind);
  expect(await kinds('actor=bob@example.com')).toEqual(['job', 'variable', 'job']);
  expect(await kinds(`actor=${bob.id}&kind=job`)).toEqual(['job', 'job']);
  expect(await kinds(`from=${begin}&to=${end}`)).toEqual(['variable', 'job']);
  expect(await kinds(`entityId=${job.id}`)).toEqual(['job']);
  expect(await kinds('actor=nobody')).toEqual([]);
});

test('in pages every entry is there once, newest first, whichever table it is of', async () => {
  const whole = await audit('limit=200');
  expect(whole.length).toBeGreaterThan(12);
  expect(new Set(whole.map(({ kind }) => kind)).size).toBeGreaterThan(4);
  expect(whole.map(({ at }) => at)).toEqual(
    whole
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.admin.get(`/audit?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...(body.items as unknown as Entry[]).map(({ id }) => id));
    cursor = body.nextCursor as string | null;
  }
  expect(seen).toEqual(whole.map(({ id }) => id));
});

test('of a secret it shows that it was changed, and nothing else', async () => {
  const config = { webhookUrl: 'https://hooks.example/canary-audit-1' };
  const { id } = await api.admin.post('/notification-providers', { name: 'p', type: 'slack', config });
  await api.admin.patch(`/notification-providers/${id}`, {
    config: { webhookUrl: 'https://hooks.example/canary-audit-2' },
  });
  const text = JSON.stringify(await audit(`entityId=${id}`));
  expect(text).not.toContain('canary-audit');
  expect(text).toContain('"after":{"secretVersion":2}');
  expect((await api.admin.get(`/notification-providers/${id}/revisions`)).text).not.toContain('canary-audit');
});

test('how something was configured, newest first, what was deleted as well', async () => {
  const { id } = await api.admin.post('/monitors', site);
  for (const intervalSeconds of [30, 20, 10]) await api.admin.patch(`/monitors/${id}`, { intervalSeconds });
  const { body } = await api.admin.get(`/monitors/${id}/revisions?limit=3`);
  const items = body.items as { revision: number; document: { intervalSeconds: number; target: string } }[];
  expect(items.map(({ revision, document }) => [revision, document.intervalSeconds])).toEqual([
    [4, 10],
    [3, 20],
    [2, 30],
  ]);
  const rest = await api.admin.get(`/monitors/${id}/revisions?limit=3&cursor=${textAt(body, 'nextCursor')}`);
  expect(rest.body).toMatchObject({
    items: [
      { revision: 1, changedBy: { kind: 'token' }, network: '127.0.0.1', document: { intervalSeconds: 60 } },
    ],
    nextCursor: null,
  });
  await api.admin.delete(`/monitors/${id}`);
  expect((await api.admin.get(`/monitors/${id}/revisions`)).body.items).toHaveLength(4);
});

test('jobs, tests and providers have revisions too, and none is another kind of thing', async () => {
  const job = (await api.admin.post('/jobs', { name: 'j' })).id;
  const script = 'x'.repeat(3000);
  const one = await createTest(api, { definition: { script } });
  const provider = await api.admin.post('/notification-providers', {
    name: 'p',
    type: 'webhook',
    config: { url: 'http://127.0.0.1/' },
  });
  expect((await api.admin.get(`/jobs/${job}/revisions`)).body.items).toHaveLength(1);
  expect((await api.admin.get(`/tests/${one}/revisions`)).body).toMatchObject({
    items: [{ document: { definition: { script } } }],
  });
  expect((await api.admin.get(`/notification-providers/${provider.id}/revisions`)).body.items).toHaveLength(
    1,
  );
  expect((await api.admin.get(`/monitors/${job}/revisions`)).status).toBe(404);
  // A page of the trail has many entries: long text is cut there.
  expect(JSON.stringify(await audit(`entityId=${one}`))).toContain('… (3000 characters)');
});
