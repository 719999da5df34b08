import { addMs, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { clientFor, textAt } from '../testing/client.fixture.js';
import { clientWithKey, configEvents, createJob } from '../testing/given.fixture.js';

let now: Instant = '2026-03-01T12:00:00.000Z';
let servers: Servers;
let api: Api;
let replica: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => now);
  replica = await startApi(servers, () => now);
});
afterAll(async () => {
  await api?.stop();
  await replica?.stop();
  await servers?.stop();
});

const emptyQueue = () => sql`delete from config.run_request`.execute(api.db);

test('a key starts its job and nothing else, and none but a good one does', async () => {
  const [id, other] = [await createJob(api), await createJob(api)];
  const ci = await clientWithKey(api, id);
  expect((await ci.get('/jobs')).status).toBe(401);
  expect((await ci.post(`/jobs/${id}/run`)).status).toBe(401);

  const expiring = await clientWithKey(api, id, { expiresAt: addMs(now, 60_000) });
  expect((await expiring.post(`/jobs/${id}/trigger`)).status).toBe(202);
  now = addMs(now, 60_000);
  const refusals = [
    await ci.post(`/jobs/${other}/trigger`),
    await expiring.post(`/jobs/${id}/trigger`),
    await clientFor(api.url, `tocsinkey_${'x'.repeat(38)}`).post(`/jobs/${id}/trigger`),
    await clientFor(api.url, '').post(`/jobs/${id}/trigger`),
    await api.admin.post(`/jobs/${id}/trigger`),
    await ci.post('/jobs/0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8/trigger'),
  ];
  const [first] = refusals;
  for (const refused of refusals) {
    expect({ ...refused.body, requestId: '' }).toEqual({ ...first?.body, requestId: '' });
    expect(refused.body).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect(refused.headers.has('ratelimit-limit')).toBe(false);
  }
  const { items } = (await api.admin.get(`/jobs/${id}/keys`)).body;
  const [key] = items as { id: string }[];
  expect((await api.admin.delete(`/jobs/${other}/keys/${key?.id}`)).status).toBe(404);
  expect((await api.admin.delete(`/jobs/${id}/keys/${key?.id}`)).status).toBe(204);
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(401);
});

test('who guesses keys is slowed down, who has one is not', async () => {
  const id = await createJob(api);
  const ci = await clientWithKey(api, id);
  const stranger = clientFor(api.url, `tocsinkey_${'y'.repeat(38)}`);
  const guesses = await Promise.all(Array.from({ length: 25 }, () => stranger.post(`/jobs/${id}/trigger`)));
  expect(guesses.map(({ status }) => status)).toContain(429);
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(202);
  now = addMs(now, 60_000);
});

test('a key starts so many runs in its span, over all replicas, and every answer says how many are left', async () => {
  await emptyQueue();
  const id = await createJob(api);
  const ci = await clientWithKey(api, id, { limit: 5, perSeconds: 30 });
  const elsewhere = clientFor(replica.url, ci.token);
  const start = now;
  const shown = (headers: Headers) =>
    ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`)).join(' ');
  const first = await ci.post(`/jobs/${id}/trigger`);
  expect(shown(first.headers)).toBe('5 4 30');
  expect(first.headers.get('x-ratelimit-limit')).toBe('5');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('4');
  expect(first.headers.get('x-ratelimit-reset')).toBe(String(Date.parse(start) / 1000 + 30));
  now = addMs(now, 10_000);

  const burst = await Promise.all(
    Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? ci : elsewhere).post(`/jobs/${id}/trigger`)),
  );
  const started = burst.filter(({ status }) => status === 202);
  const refused = burst.filter(({ status }) => status === 429);
  expect([started.length, refused.length]).toEqual([4, 8]);
  for (const { headers, body } of refused) {
    expect(body).toMatchObject({ code: 'too_many_requests' });
    expect(shown(headers)).toBe('5 0 20');
    expect(headers.get('retry-after')).toBe('20');
  }
  expect(new Set(started.map(({ body }) => body.runId)).size).toBe(4);

  // The first is old enough not to count, the four are not: any span of 30 s holds five at most.
  now = addMs(start, 30_000);
  const next = await elsewhere.post(`/jobs/${id}/trigger`);
  expect([next.status, shown(next.headers)]).toEqual([202, '5 0 10']);
  expect(next.headers.has('retry-after')).toBe(false);
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(429);
});

test('what was refused for another reason is not counted, and is told with what is left', async () => {
  const id = await createJob(api);
  const ci = await clientWithKey(api, id, { limit: 2 });
  await api.admin.patch(`/jobs/${id}`, { enabled: false });
  for (let at = 0; at < 3; at++) {
    const paused = await ci.post(`/jobs/${id}/trigger`);
    expect(paused.body).toMatchObject({ status: 409, code: 'conflict' });
    expect(paused.body.detail).toContain('paused');
    expect(paused.headers.get('ratelimit-remaining')).toBe('2');
  }
  expect((await api.admin.post(`/jobs/${id}/run`)).status).toBe(202);
  await api.admin.patch(`/jobs/${id}`, { enabled: true });
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(202);
});

test('SEC11 SEC18 a key is shown once, and is in no list, event, table or log line', async () => {
  const id = await createJob(api);
  const created = await api.admin.post(`/jobs/${id}/keys`, { name: 'ci' });
  const key = textAt(created.body, 'key');
  expect(key).toMatch(/^tocsinkey_[A-Za-z0-9_-]{38}$/);
  await clientFor(api.url, key).post(`/jobs/${id}/trigger`);
  expect((await api.admin.get(`/jobs/${id}/keys`)).text).not.toContain(key);
  expect(JSON.stringify(await configEvents(api, id))).not.toContain(key);
  const { rows } = await sql<{ text: string }>`select k::text as text from config.job_key k`.execute(api.db);
  expect(rows.map(({ text }) => text).join(' ')).not.toContain(key);
  expect(api.lines.join('')).not.toContain(key);
});
