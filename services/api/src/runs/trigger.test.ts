import { subjects } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { clientWith, clientWithKey, configEvents, createJob, foreigner } from '../testing/given.fixture.js';

const now: Instant = '2026-03-01T12:00:00.000Z';
let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => now);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const emptyQueue = () => sql`delete from config.run_request`.execute(api.db);

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
  const ci = await clientWithKey(api, id);
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

test('the same request with the same idempotency key is the same run', async () => {
  await emptyQueue();
  const id = await createJob(api);
  const ci = await clientWithKey(api, id, { limit: 2 });
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
  const ci = await clientWithKey(api, id);
  expect((await ci.post(`/jobs/${id}/trigger`)).status).toBe(409);
});

test('a full queue takes no more, and those who ask at once have places of their own', async () => {
  await emptyQueue();
  const small = await startApi(servers, () => now, { TOCSIN_RUN_QUEUE_LIMIT: '4' });
  const id = await createJob(api);
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => small.admin.post(`/jobs/${id}/run`)));
  const queued = answers.filter(({ status }) => status === 202);
  expect(new Set(queued.map(({ body }) => body.position))).toEqual(new Set([1, 2, 3, 4]));
  expect(queued.length).toBe(4);
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

test('a trigger takes whatever body other systems send, and makes nothing of it', async () => {
  const id = await createJob(api);
  const ci = await clientWithKey(api, id);
  for (const [type, body] of [
    ['application/json', '{"ref":"refs/heads/main"}'],
    ['application/json', 'not json'],
    ['application/x-www-form-urlencoded', 'payload=%7B%7D'],
    ['text/plain', 'hello'],
  ])
    expect(
      (await ci.send('POST', `/jobs/${id}/trigger`, body ?? '', { 'content-type': type ?? '' })).status,
    ).toBe(202);
  const again = { 'idempotency-key': 'hook', 'content-type': 'application/json' };
  const first = await ci.send('POST', `/jobs/${id}/trigger`, '{"sentAt":1}', again);
  const second = await ci.send('POST', `/jobs/${id}/trigger`, '{"sentAt":2}', again);
  expect(second.body).toEqual(first.body);
});
