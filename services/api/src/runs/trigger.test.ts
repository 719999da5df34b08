import { subjects } from '@tocsin/contracts';
import { addMs, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { type Client, clientFor, textAt } from '../testing/client.fixture.js';
import { clientWith, configEvents, createJob, foreigner } from '../testing/given.fixture.js';

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

/** Another system, with a key of the job and nothing else. */
async function caller(jobId: string, more: object = {}, of = api): Promise<Client> {
  const { body } = await api.admin.post(`/jobs/${jobId}/keys`, { name: 'ci', ...more });
  return clientFor(of.url, textAt(body, 'key'));
}

test('P18 a run started by hand is answered field for field, and its event is written by then', async () => {
  await emptyQueue();
  const id = await createJob(api);
  const { status, body } = await api.admin.post(`/jobs/${id}/run`);
  expect(status).toBe(202);
  expect(body).toEqual({
    jobId: id,
    jobName: 'nightly',
    runId: body.runId,
    status: 'queued',
    position: 1,
    testCount: 1,
    triggeredBy: 'first administrator',
    triggeredAt: now,
  });
  const named = await api.admin.post('/jobs/run', { jobId: id });
  expect(named.body).toMatchObject({ jobId: id, position: 2 });
  expect(named.body.runId).not.toBe(body.runId);
  const requested = (await configEvents(api, id)).slice(1);
  expect(requested).toMatchObject([
    { runId: body.runId, jobId: id, trigger: 'manual', changedAt: now, changedBy: { kind: 'token' } },
    { runId: named.body.runId, trigger: 'manual' },
  ]);
  const subject = subjects.config('default', 'run', textAt(body, 'runId'));
  await expect
    .poll(async () => (await api.streamed('CONFIG')).find((event) => event.subject === subject))
    .toMatchObject({ type: 'RunRequested', data: { runId: body.runId } });
});

test('P18 another system starts it with a key, which is named in the answer and in the event', async () => {
  await emptyQueue();
  const id = await createJob(api);
  const ci = await caller(id);
  const { status, body } = await ci.post(`/jobs/${id}/trigger`);
  expect(status).toBe(202);
  expect(body).toEqual({
    jobId: id,
    jobName: 'nightly',
    runId: body.runId,
    status: 'queued',
    position: 1,
    testCount: 1,
    triggeredBy: 'ci',
    triggeredAt: now,
  });
  expect((await configEvents(api, id)).at(-1)).toMatchObject({
    runId: body.runId,
    trigger: 'remote',
    changedBy: { kind: 'key', name: 'ci' },
  });
  const { items } = (await api.admin.get(`/jobs/${id}/keys`)).body;
  expect(items).toMatchObject([{ name: 'ci', jobId: id, lastUsedAt: now, limit: 100, perSeconds: 60 }]);
});

test('a key starts its job and nothing else, and none but a good one does', async () => {
  const [id, other] = [await createJob(api), await createJob(api)];
  const ci = await caller(id);
  expect((await ci.get('/jobs')).status).toBe(401);
  expect((await ci.post(`/jobs/${id}/run`)).status).toBe(401);

  const expiring = await caller(id, { expiresAt: addMs(now, 60_000) });
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
  const ci = await caller(id);
  const stranger = clientFor(api.url, `tocsinkey_${'y'.repeat(38)}`);
  const guesses = await Promise.all(Array.from({ length: 25 }, () => stranger.post(`/jobs/${id}/trigger`)));
  expect(guesses.map(({ status }) => status)).toContain(429);
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(202);
  now = addMs(now, 60_000);
});

test('a key starts so many runs in its span, over all replicas, and every answer says how many are left', async () => {
  await emptyQueue();
  const id = await createJob(api);
  const ci = await caller(id, { limit: 5, perSeconds: 30 });
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
  const ci = await caller(id, { limit: 2 });
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

test('the same request with the same idempotency key is the same run', async () => {
  await emptyQueue();
  const id = await createJob(api);
  const ci = await caller(id, { limit: 2 });
  const once = { 'idempotency-key': 'build-7' };
  const answers = await Promise.all([1, 2, 3].map(() => ci.post(`/jobs/${id}/trigger`, undefined, once)));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect((await ci.post(`/jobs/${id}/trigger`)).headers.get('ratelimit-remaining')).toBe('0');
  const again = await ci.post(`/jobs/${id}/trigger`, undefined, once);
  expect([again.status, again.text]).toEqual([202, answers[0]?.text]);
  const byHand = await Promise.all([1, 2].map(() => api.admin.post(`/jobs/${id}/run`, undefined, once)));
  expect(byHand[0]?.text).toBe(byHand[1]?.text);
  expect(byHand[0]?.body.runId).not.toBe(again.body.runId);
  const { rows } = await sql<{ runs: number }>`
    select count(*)::int4 as runs from config.run_request where job_id = ${id}`.execute(api.db);
  expect(rows).toEqual([{ runs: 3 }]);
});

test('a job without tests has nothing to run, and says so', async () => {
  const { id } = await api.admin.post('/jobs', { name: 'elsewhere' });
  const { body } = await api.admin.post(`/jobs/${id}/run`);
  expect(body).toMatchObject({ status: 409, code: 'conflict' });
  expect(body.detail).toContain('no tests');
  const ci = await caller(id);
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(409);
});

test('a full queue takes no more, and those who ask at once have places of their own', async () => {
  await emptyQueue();
  const small = await startApi(servers, () => now, { TOCSIN_RUN_QUEUE_LIMIT: '4' });
  const id = await createJob(api);
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => small.admin.post(`/jobs/${id}/run`)));
  const queued = answers.filter(({ status }) => status === 202);
  expect(queued.map(({ body }) => body.position).toSorted()).toEqual([1, 2, 3, 4]);
  const full = answers.find(({ status }) => status === 429);
  expect(full?.body).toMatchObject({ code: 'too_many_requests' });
  expect(full?.body.detail).toContain('4 runs of the project are waiting already');
  expect(full?.headers.has('retry-after')).toBe(true);
  const other = await foreigner(small);
  const { id: theirTest } = await other.post('/tests', {
    name: 't',
    kind: 'browser',
    definition: { script: '1' },
  });
  const theirs = await other.post('/jobs', { name: 'j', tests: [theirTest] });
  expect((await other.post(`/jobs/${theirs.id}/run`)).body).toMatchObject({ position: 1 });
  await small.stop();
});

test('who may only read starts nothing; what belongs to another project does not exist', async () => {
  const id = await createJob(api);
  const reader = await clientWith(api, 'read');
  expect((await reader.post(`/jobs/${id}/run`)).status).toBe(403);
  expect((await reader.post(`/jobs/${id}/keys`, { name: 'k' })).status).toBe(403);
  const other = await foreigner(api);
  for (const answer of [
    await other.post(`/jobs/${id}/run`),
    await other.post('/jobs/run', { jobId: id }),
    await other.get(`/jobs/${id}/keys`),
    await other.post(`/jobs/${id}/keys`, { name: 'k' }),
  ])
    expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
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
