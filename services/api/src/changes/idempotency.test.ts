import { toInstant } from '@tocsin/kernel';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { clientWith, configEvents } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
let nowMs = Date.now();
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => toInstant(nowMs));
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const beat = { name: 'beat', type: 'heartbeat' };
const withKey = (key: string) => ({ 'idempotency-key': key });

test('a repeated creation is one creation and one event, with the same answer', async () => {
  const first = await api.admin.post('/monitors', beat, withKey('one'));
  const again = await api.admin.post('/monitors', beat, withKey('one'));
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  expect(again.headers.get('etag')).toBe('"1"');
  expect(await configEvents(api, first.id)).toHaveLength(1);
});

test('repeats that arrive at once wait for the first and have its answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => api.admin.post('/jobs', { name: 'j' }, withKey('raced'))),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const { body } = await api.admin.get('/jobs');
  expect(body.items).toHaveLength(1);
});

test('a key used for something else is refused and does nothing', async () => {
  const first = await api.admin.post('/monitors', beat, withKey('mine'));
  const other = await api.admin.post('/monitors', { ...beat, name: 'other' }, withKey('mine'));
  expect(other.body).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
  await api.admin.post(`/monitors/${first.id}/pause`, undefined, withKey('pause'));
  const second = await api.admin.post('/monitors', { ...beat, name: 'second' });
  const wrong = await api.admin.post(`/monitors/${second.id}/pause`, undefined, withKey('pause'));
  expect(wrong.body).toMatchObject({ code: 'idempotency_mismatch' });
});

test('a key is the own of its token and its route', async () => {
  const writer = await clientWith(api, 'write');
  const mine = await api.admin.post('/monitors', beat, withKey('shared'));
  const theirs = await writer.post('/monitors', beat, withKey('shared'));
  expect(theirs.id).not.toBe(mine.id);
  expect((await api.admin.post('/jobs', { name: 'j' }, withKey('shared'))).status).toBe(201);
});

test('what was refused may be tried again with the same key', async () => {
  const wrong = await api.admin.post('/monitors', { ...beat, target: 'x' }, withKey('retry'));
  expect(wrong.status).toBe(400);
  expect((await api.admin.post('/monitors', beat, withKey('retry'))).status).toBe(201);
});

test('after a day a key is new again', async () => {
  const first = await api.admin.post('/monitors', beat, withKey('old'));
  nowMs += 86_400_000 - 60_000;
  expect((await api.admin.post('/monitors', beat, withKey('old'))).id).toBe(first.id);
  nowMs += 120_000;
  expect((await api.admin.post('/monitors', beat, withKey('old'))).id).not.toBe(first.id);
});

test('a repeated answer that shows a token is the same token, which is nowhere to be read', async () => {
  const input = { name: 'ci', scopes: ['read'] };
  const first = await api.admin.post('/tokens', input, withKey('token'));
  const again = await api.admin.post('/tokens', input, withKey('token'));
  expect(again.body).toEqual(first.body);
  const rows = await api.db.selectFrom('auth.idempotency').selectAll().execute();
  const token = textAt(first.body, 'token');
  for (const { ciphertext } of rows) expect(ciphertext?.includes(token)).toBe(false);
});

test('"check now" repeated with its key is one check', async () => {
  const { id } = await api.admin.post('/monitors', { name: 'p', type: 'ping_host', target: 'localhost' });
  const first = await api.admin.post(`/monitors/${id}/run`, undefined, withKey('run'));
  nowMs += 1000;
  const again = await api.admin.post(`/monitors/${id}/run`, undefined, withKey('run'));
  expect(again.body).toEqual(first.body);
});
