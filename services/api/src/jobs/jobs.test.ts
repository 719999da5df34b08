import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { configEvents, createProvider, createTest, foreigner, script } from '../testing/given.fixture.js';

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

test('K19 a job needs no cron and no description, on creation and when it is replaced', async () => {
  const { id, body } = await api.admin.post('/jobs', { name: 'nightly' });
  expect(body).toMatchObject({
    name: 'nightly',
    enabled: true,
    status: 'pending',
    lastRunAt: null,
    revision: 1,
  });
  const replaced = await api.admin.put(`/jobs/${id}`, { name: 'nightly 2' });
  expect(replaced.status).toBe(200);
  expect(replaced.body).toMatchObject({ name: 'nightly 2', revision: 2 });
  expect(replaced.headers.get('etag')).toBe('"2"');
});

test('K19 a job with tests and a cron needs no description, and says when it runs next', async () => {
  const [one, two] = [await createTest(api), await createTest(api)];
  const cron = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
  const { id, body } = await api.admin.post('/jobs', {
    name: 'nightly',
    tests: [two, one],
    ...cron,
    retries: 2,
  });
  expect(body).toMatchObject({
    tests: [two, one],
    ...cron,
    timeoutSeconds: 3600,
    retries: 2,
    allowOverlap: false,
    location: 'local',
  });
  const next = body.nextRuns as string[];
  expect(next.length).toBe(5);
  for (const slot of next)
    expect(new Date(slot).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('02:30:00');
  expect(next.toSorted((a, b) => a.localeCompare(b))).toEqual(next);

  const paused = await api.admin.patch(`/jobs/${id}`, { enabled: false, tests: [one] });
  expect(paused.body).toMatchObject({ ...cron, nextRuns: [], tests: [one] });
  const byHand = await api.admin.patch(`/jobs/${id}`, { enabled: true, cron: null });
  expect(byHand.body).toMatchObject({ nextRuns: [], tests: [one] });
  expect(byHand.body).not.toHaveProperty('cron');
  const put = {
    name: 'other',
    tests: [one, two],
    timeoutSeconds: 60,
    allowOverlap: true,
    location: 'berlin',
  };
  expect((await api.admin.put(`/jobs/${id}`, put)).body).toMatchObject({
    ...put,
    retries: 0,
    timeZone: 'UTC',
  });

  expect(await configEvents(api, id)).toMatchObject([
    { tests: [two, one], ...cron, retries: 2, timeoutSeconds: 3600 },
    { tests: [one], enabled: false, ...cron },
    { tests: [one], enabled: true },
    { ...put, retries: 0, timeZone: 'UTC' },
  ]);
  const links = await api.db
    .selectFrom('config.job_tests')
    .select(['test_id', 'position'])
    .where('job_id', '=', id)
    .orderBy('position')
    .execute();
  expect(links).toEqual([
    { test_id: one, position: 0 },
    { test_id: two, position: 1 },
  ]);
  expect((await api.admin.patch(`/jobs/${id}`, { tests: [], cron: '* * * * *' })).body).toMatchObject({
    status: 400,
    errors: [{ field: 'tests' }],
  });
});

test('a job runs tests of its project and no others', async () => {
  const mine = await createTest(api);
  const theirs = (await (await foreigner(api)).post('/tests', script)).id;
  const { id } = await api.admin.post('/jobs', { name: 'j' });
  const refused = await api.admin.patch(`/jobs/${id}`, { tests: [mine, theirs] });
  expect(refused.body).toMatchObject({ status: 400, errors: [{ field: 'tests.1' }] });
  expect((await api.admin.get(`/jobs/${id}`)).body).toMatchObject({ tests: [], revision: 1 });
});

test('K18 a job edited through any route takes effect whole', async () => {
  const provider = await createProvider(api);
  const alertConfig = { enabled: true, notificationProviders: [provider], alertOnTimeout: true };
  const { id } = await api.admin.post('/jobs', { name: 'nightly', alertConfig });
  await api.admin.patch(`/jobs/${id}`, { alertConfig: { failureThreshold: 3 } });
  await api.admin.patch(`/jobs/${id}`, { enabled: false });
  await api.admin.put(`/jobs/${id}`, { name: 'again', alertConfig });
  const events = await configEvents(api, id);
  expect(events).toMatchObject([
    { name: 'nightly', enabled: true, alertConfig: { failureThreshold: 1 } },
    { name: 'nightly', enabled: true, alertConfig: { failureThreshold: 3 } },
    { name: 'nightly', enabled: false, alertConfig: { failureThreshold: 3 } },
    { name: 'again', enabled: true, alertConfig: { failureThreshold: 1 } },
  ]);
  const links = await api.db
    .selectFrom('config.job_notification_settings')
    .selectAll()
    .where('job_id', '=', id)
    .execute();
  expect(links).toEqual([{ job_id: id, provider_id: provider, position: 0 }]);
  expect((await api.admin.get(`/jobs/${id}`)).body).toMatchObject({ name: 'again', revision: 4 });
  expect((await api.admin.delete(`/jobs/${id}`, { 'if-match': '"4"' })).status).toBe(204);
  expect((await api.admin.get(`/jobs/${id}`)).status).toBe(404);
});

test('jobs are listed by what they are, a page at a time', async () => {
  const made: string[] = [];
  for (const name of ['a', 'b', 'c'])
    made.push((await api.admin.post('/jobs', { name, tags: ['paged'] })).id);
  await api.admin.patch(`/jobs/${made[1]}`, { enabled: false });
  const ids = async (query: string) => {
    const { body } = await api.admin.get(`/jobs?tag=paged&${query}`);
    return (body.items as { id: string }[]).map(({ id }) => made.indexOf(id));
  };
  expect(await ids('search=C')).toEqual([2]);
  expect(await ids('status=paused')).toEqual([1]);
  expect(await ids('status=pending&enabled=true')).toEqual([0, 2]);
  const first = await api.admin.get('/jobs?tag=paged&limit=2');
  expect(await ids(`cursor=${textAt(first.body, 'nextCursor')}`)).toEqual([2]);
});

test('a reported run is in Postgres before the answer, and in the stream soon', async () => {
  const { id } = await api.admin.post('/jobs', { name: 'nightly' });
  const { status, body } = await api.admin.post(`/jobs/${id}/runs`, {
    status: 'failed',
    durationMs: 1500,
    error: '3 tests failed',
    externalId: 'build-7',
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    jobId: id,
    status: 'failed',
    durationMs: 1500,
    error: { code: 'reported', message: '3 tests failed' },
    externalId: 'build-7',
    trigger: 'reported',
  });
  expect(Date.parse(textAt(body, 'finishedAt')) - Date.parse(textAt(body, 'startedAt'))).toBe(1500);
  const told = async () => (await api.streamed('RESULTS')).filter(({ data }) => data.jobId === id);
  await expect.poll(async () => (await told()).length).toBe(1);
  expect((await told())[0]).toMatchObject({
    type: 'RunCompleted',
    subject: `result.${id.slice(-1)}.default.job.${id}`,
    data: { runId: body.runId, status: 'failed' },
  });
});

test('K8 a run that is reported again for its slot is the same run; another outcome for it is refused', async () => {
  const { id } = await api.admin.post('/jobs', { name: 'nightly' });
  const slot = new Date(Date.now() - 60_000).toISOString();
  const report = { status: 'error', durationMs: 10, slot };
  const first = await api.admin.post(`/jobs/${id}/runs`, report);
  const again = await Promise.all([1, 2, 3].map(() => api.admin.post(`/jobs/${id}/runs`, report)));
  expect(again.map(({ body }) => body)).toEqual([first.body, first.body, first.body]);
  const other = await api.admin.post(`/jobs/${id}/runs`, { ...report, status: 'passed' });
  expect(other.body).toMatchObject({ status: 409, code: 'conflict' });
  expect((await api.streamed('RESULTS')).filter(({ data }) => data.jobId === id).length).toBeLessThanOrEqual(
    1,
  );
});

test.each([
  [
    'a slot in the future, after which every run would count as late',
    { slot: '2099-01-01T00:00:00Z' },
    'slot',
  ],
  ['a slot nobody keeps any more', { slot: '2001-01-01T00:00:00Z' }, 'slot'],
  ['an unknown status', { status: 'green' }, 'status'],
  ['a negative duration', { durationMs: -1 }, 'durationMs'],
  ['an unknown field', { exitCode: 1 }, 'exitCode'],
])('a report with %s is refused', async (_, part, field) => {
  const { id } = await api.admin.post('/jobs', { name: 'nightly' });
  const answer = await api.admin.post(`/jobs/${id}/runs`, { status: 'passed', durationMs: 1, ...part });
  expect(answer.body).toMatchObject({ status: 400, errors: [{ field }] });
});
