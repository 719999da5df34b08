import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createViews, insertRows, runRow } from '../reading/views.fixture.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { clientWith, configEvents, createJob, foreigner } from '../testing/given.fixture.js';
import { forgetOldRequests } from './forget-requests.store.js';

let servers: Servers;
let api: Api;
let jobId: string;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
});
beforeEach(async () => {
  await sql`delete from config.run_request`.execute(api.db);
  jobId = await createJob(api);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const run = async (): Promise<{ runId: string; slot: string }> => {
  const { body } = await api.admin.post(`/jobs/${jobId}/run`);
  return { runId: textAt(body, 'runId'), slot: textAt(body, 'triggeredAt') };
};
const listed = async (path: string) =>
  (
    (await api.admin.get(path)).body.items as { runId: string; status: string; position: number | null }[]
  ).map(({ runId, status, position }) => [runId, status, position]);

test('what was asked for a moment ago is there, although no other service has ever run', async () => {
  const [one, two] = [await run(), await run()];
  expect((await api.admin.get(`/runs/${one.runId}`)).body).toEqual({
    runId: one.runId,
    jobId,
    jobName: 'nightly',
    slot: one.slot,
    status: 'queued',
    queuedAt: one.slot,
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    error: null,
    externalId: null,
    trigger: 'manual',
    location: 'local',
    testCount: 1,
    position: 1,
    tests: [],
    artifacts: [],
    cancelRequestedAt: null,
  });
  const both = [
    [two.runId, 'queued', 2],
    [one.runId, 'queued', 1],
  ];
  expect(await listed('/runs')).toEqual(both);
  expect(await listed(`/jobs/${jobId}/runs`)).toEqual(both);
  expect(await listed('/runs?status=running')).toEqual([]);
});

test('the other services take over what they have folded, run by run', async () => {
  await createViews(api.db);
  const [done, going, waiting, fresh] = [await run(), await run(), await run(), await run()];
  await insertRows(api.db, 'results.job_run', [
    runRow(done.runId, jobId, done.slot, {
      status: 'failed',
      error: { code: 'assertion', message: 'no basket' },
      tests: [
        {
          testId: jobId,
          name: 'checkout',
          kind: 'browser',
          revision: 3,
          status: 'failed',
          durationMs: 12,
          attempts: 2,
          error: { code: 'assertion', message: 'no basket' },
        },
        { testId: jobId, name: 'b', kind: 'api', revision: 1, status: 'skipped', durationMs: 0, attempts: 0 },
      ],
      artifacts: [
        { name: `${jobId}/trace.zip`, kind: 'trace', testId: jobId, contentType: 'application/zip', size: 7 },
        { name: 'console.txt', kind: 'console', contentType: 'text/plain', size: 3 },
      ],
    }),
    runRow(going.runId, jobId, going.slot, { status: 'running', finished_at: null, duration_ms: null }),
    runRow(waiting.runId, jobId, waiting.slot, {
      status: 'queued',
      started_at: null,
      finished_at: null,
      duration_ms: null,
    }),
  ]);
  const queued = { run_id: waiting.runId, job_id: jobId, project: 'default', state: 'queued', position: 1 };
  await insertRows(api.db, 'scheduler.run_queue', [queued]);

  expect(await listed('/runs')).toEqual([
    [fresh.runId, 'queued', 2],
    [waiting.runId, 'queued', 1],
    [going.runId, 'running', null],
    [done.runId, 'failed', null],
  ]);
  expect(await listed('/runs?status=queued')).toEqual([
    [fresh.runId, 'queued', 2],
    [waiting.runId, 'queued', 1],
  ]);
  expect(await listed('/runs?trigger=remote')).toEqual([]);
  expect(await listed(`/runs?jobId=${done.runId}`)).toEqual([]);
  const paged: unknown[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body } = await api.admin.get(`/runs?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    paged.push(...(body.items as { runId: string }[]).map(({ runId }) => runId));
    cursor = textAt(body, 'nextCursor') || undefined;
  }
  expect(paged).toEqual([fresh.runId, waiting.runId, going.runId, done.runId]);
  expect((await api.admin.post(`/jobs/${jobId}/run`)).body).toMatchObject({ position: 3 });

  const detail = (await api.admin.get(`/runs/${done.runId}`)).body;
  expect(detail).toMatchObject({
    status: 'failed',
    error: { code: 'assertion' },
    tests: [
      { name: 'checkout', attempts: 2, error: { message: 'no basket' } },
      { status: 'skipped', error: null },
    ],
    artifacts: [
      { testId: jobId, url: `${api.url}/api/v1/runs/${done.runId}/artifacts/${jobId}%2Ftrace.zip` },
      { name: 'console.txt', testId: null },
    ],
  });

  await api.admin.delete(`/jobs/${jobId}`);
  expect((await api.admin.get(`/runs/${done.runId}`)).body).toMatchObject({ jobName: null });
});

test('a request is forgotten when its run is over, and no run comes back when its result is old', async () => {
  const [over, live] = [await run(), await run()];
  await insertRows(api.db, 'results.job_run', [
    runRow(over.runId, jobId, over.slot),
    runRow(live.runId, jobId, live.slot, { status: 'running' }),
  ]);
  expect(await forgetOldRequests(api.db, new Date().toISOString())).toBe(1);
  await sql`delete from results.job_run where job_id = ${jobId}`.execute(api.db);
  await sql`delete from scheduler.run_queue`.execute(api.db);
  expect(await listed(`/jobs/${jobId}/runs`)).toEqual([[live.runId, 'queued', 1]]);
  expect(await forgetOldRequests(api.db, new Date(Date.now() + 31 * 86_400_000).toISOString())).toBe(1);
});

test('a run is cancelled once, however often it is asked for, until it is over', async () => {
  const { runId, slot } = await run();
  const first = await api.admin.post(`/runs/${runId}/cancel`);
  expect(first.status).toBe(202);
  const { cancelRequestedAt } = first.body;
  expect(cancelRequestedAt).toEqual(expect.any(String));
  const again = await Promise.all([1, 2].map(() => api.admin.post(`/runs/${runId}/cancel`)));
  for (const answer of again)
    expect([answer.status, answer.body.cancelRequestedAt]).toEqual([202, cancelRequestedAt]);
  expect((await api.admin.get(`/runs/${runId}`)).body).toMatchObject({ cancelRequestedAt, position: null });
  const cancels = (await configEvents(api, jobId)).slice(2);
  expect(cancels).toMatchObject([{ runId, jobId, changedBy: { kind: 'token' } }]);
  await expect
    .poll(async () => (await api.streamed('CONFIG')).filter(({ type }) => type === 'RunCancelRequested'))
    .toMatchObject([{ subject: `config.default.cancel.${runId}` }]);

  await insertRows(api.db, 'results.job_run', [runRow(runId, jobId, slot, { status: 'cancelled' })]);
  const late = await api.admin.post(`/runs/${runId}/cancel`);
  expect(late.body).toMatchObject({ status: 409, code: 'conflict' });
  expect(late.body.detail).toContain('over (cancelled)');
});

test('a run of the cron, which nobody asked for, is cancelled like any other', async () => {
  const runId = '0192f0c1-7a5e-7c3b-9d21-00000000c0de';
  const slot = '2026-01-31T12:00:00.000Z';
  await insertRows(api.db, 'results.job_run', [
    runRow(runId, jobId, slot, {
      status: 'running',
      trigger: 'schedule',
      finished_at: null,
      duration_ms: null,
    }),
  ]);
  expect((await api.admin.post(`/runs/${runId}/cancel`)).body).toMatchObject({ status: 'running', runId });
  expect((await configEvents(api, jobId)).at(-1)).toMatchObject({ runId });
});

test('runs of another project do not exist, and who may only read cancels none', async () => {
  const { runId } = await run();
  const reader = await clientWith(api, 'read');
  expect((await reader.get(`/runs/${runId}`)).status).toBe(200);
  expect((await reader.post(`/runs/${runId}/cancel`)).status).toBe(403);
  const other = await foreigner(api);
  expect((await other.get('/runs')).body).toMatchObject({ items: [] });
  for (const answer of [
    await other.get(`/runs/${runId}`),
    await other.get(`/jobs/${jobId}/runs`),
    await other.get(`/runs/${runId}/output`),
    await other.get(`/runs/${runId}/artifacts/console.txt`),
    await other.post(`/runs/${runId}/cancel`),
  ])
    expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
});
