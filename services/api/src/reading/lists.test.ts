import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { FOREIGN_JOB, FOREIGN_MONITOR, JOB, MONITOR, seedViews } from './seed.fixture.js';
import { at, insertRows, jobRow, monitorRow, resultRow, uuid } from './views.fixture.js';

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  const { db } = api;
  await insertRows(db, 'config.monitors', [monitorRow(MONITOR), monitorRow(FOREIGN_MONITOR, 'other')]);
  await insertRows(db, 'config.jobs', [jobRow(JOB), jobRow(FOREIGN_JOB, 'other')]);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

/** Every item of a list, page by page. */
async function pages(
  path: string,
  limit: number,
): Promise<{ items: Record<string, unknown>[]; sizes: number[] }> {
  const items: Record<string, unknown>[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const separator = path.includes('?') ? '&' : '?';
    const { status, body } = await api.admin.get(`${path}${separator}limit=${limit}${more}`);
    expect(status).toBe(200);
    const page = body as unknown as { items: Record<string, unknown>[]; nextCursor: string | null };
    items.push(...page.items);
    sizes.push(page.items.length);
    cursor = page.nextCursor;
  }
  return { items, sizes };
}

describe('before the other services were ever started', () => {
  it.each([
    `/monitors/${MONITOR}/results`,
    `/monitors/${MONITOR}/status-history`,
    `/jobs/${JOB}/runs`,
    '/alerts',
    '/alerts/history',
    '/notifications/dead-letters',
  ])('%s is an empty page', async (path) => {
    const { status, body } = await api.admin.get(path);
    expect([status, body]).toEqual([200, { items: [], nextCursor: null }]);
  });

  it('statistics are all zero and an alert is not found', async () => {
    const stats = await api.admin.get(`/monitors/${MONITOR}/stats`);
    expect(stats.body).toMatchObject({ checks: 0, uptimePercent: null, latencyMs: null });
    expect((await api.admin.get(`/alerts/${uuid(1)}`)).status).toBe(404);
  });
});

describe('when they have something to say', () => {
  beforeAll(async () => {
    await seedViews(api.db);
  });

  const slots = (items: readonly Record<string, unknown>[]) =>
    items.map(({ slot, location }) => [slot, location]);

  it.each([1, 2, 3, 11, 50])('results come newest first, each once, in pages of %i', async (limit) => {
    const { items } = await pages(`/monitors/${MONITOR}/results`, limit);
    const expected = Array.from({ length: 10 }, (_, n) => [at(n * 60), 'local']);
    expected.splice(5, 0, [at(300), 'berlin']);
    expect(slots(items)).toEqual(expected.toReversed());
  });

  it('a result that arrives between two pages moves nothing', async () => {
    const first = await api.admin.get(`/monitors/${MONITOR}/results?limit=2`);
    await insertRows(api.db, 'results.monitor_results', [resultRow(MONITOR, 3600)]);
    const nextCursor: unknown = first.body.nextCursor;
    const second = await api.admin.get(`/monitors/${MONITOR}/results?limit=1&cursor=${String(nextCursor)}`);
    expect(slots(second.body.items as never)).toEqual([[at(420), 'local']]);
    await api.db
      .deleteFrom('results.monitor_results' as never)
      .where('slot' as never, '=', at(3600) as never)
      .execute();
  });

  it.each([
    ['outcome=down', [[at(300), 'berlin']]],
    ['location=berlin', [[at(300), 'berlin']]],
    [`from=${at(480)}&to=${at(540)}`, [[at(480), 'local']]],
    ['from=2026-01-31T13:09:00%2B01:00', [[at(540), 'local']]],
    ['outcome=error', []],
  ])('results are narrowed by %s', async (query, expected) => {
    const { body } = await api.admin.get(`/monitors/${MONITOR}/results?${query}`);
    expect(slots(body.items as never)).toEqual(expected);
  });

  it('a failed result says why', async () => {
    const { body } = await api.admin.get(`/monitors/${MONITOR}/results?outcome=down`);
    expect(body).toMatchObject({
      items: [
        { outcome: 'down', error: { code: 'timeout' }, latencyMs: 12.5, observed: { statusCode: 200 } },
      ],
    });
  });

  it('status changes of one instant keep their order over pages', async () => {
    const { items, sizes } = await pages(`/monitors/${MONITOR}/status-history`, 1);
    expect(sizes).toEqual([1, 1, 1]);
    expect(items.map(({ slot }) => slot)).toEqual([at(180), at(120), null]);
  });

  it('runs come newest first and are narrowed by status', async () => {
    const { items } = await pages(`/jobs/${JOB}/runs`, 2);
    expect(items.map(({ runId }) => runId)).toEqual([uuid(3), uuid(2), uuid(1)]);
    const failed = await pages(`/jobs/${JOB}/runs?status=failed`, 50);
    expect(failed.items).toMatchObject([{ externalId: 'build 17', error: { code: 'reported' } }]);
  });

  it('alerts of the project come newest first, and of one instant each once', async () => {
    const { items } = await pages('/alerts', 1);
    expect(items.map(({ id }) => id)).toEqual([uuid(3), uuid(2), uuid(1)]);
  });

  it.each([
    ['state=resolved', [1]],
    ['state=open', [3, 2]],
    [`targetId=${MONITOR}`, [3, 1]],
    [`targetId=${MONITOR.toUpperCase()}&state=open`, [3]],
    ['targetKind=job', [2]],
    ['type=ssl_expiring', [3]],
    [`from=${at(61)}`, [3]],
    [`to=${at(120)}`, [2, 1]],
  ])('alerts are narrowed by %s', async (query, ids) => {
    const { items } = await pages(`/alerts?${query}`, 50);
    expect(items.map(({ id }) => id)).toEqual(ids.map(uuid));
  });

  it('an alert comes with its evidence, its notifications and their attempts', async () => {
    const { status, body } = await api.admin.get(`/alerts/${uuid(1)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'resolved',
      resolvedReason: 'recovered',
      durationMs: 120_000,
      targetUrl: 'https://shop.example/',
      evidence: [{ error: { code: 'connection_refused' } }],
      acknowledgement: { at: at(90), by: 'ann', note: 'on it' },
      notifications: [
        {
          id: uuid(31),
          state: 'failed',
          attempts: [
            { number: 1, outcome: 'interrupted', status: null, finishedAt: null },
            { number: 2, outcome: 'never', status: 410, excerpt: 'gone' },
          ],
        },
        { id: uuid(32), attempts: [] },
        { id: uuid(33), state: 'delivered', attempts: [{ number: 1, finishedAt: at(64) }] },
      ],
    });
  });

  it('an alert that nobody acknowledged says so', async () => {
    const { body } = await api.admin.get(`/alerts/${uuid(2)}`);
    expect(body).toMatchObject({ acknowledgement: null, untold: 'muted', durationMs: null });
  });

  it('the history has one row per alert event and provider', async () => {
    const { items } = await pages('/alerts/history', 2);
    expect(items.map(({ id }) => id)).toEqual([uuid(3), uuid(2), uuid(1)]);
    const failed = await pages(`/alerts/history?status=failed&targetType=monitor&targetId=${MONITOR}`, 50);
    expect(failed.items).toMatchObject([{ errorMessage: 'gone', monitorId: MONITOR, jobId: null }]);
    expect((await pages(`/alerts/history?targetId=${JOB}`, 50)).items).toMatchObject([{ jobId: JOB }]);
  });

  it('dead letters are what failed for good in the project, newest first', async () => {
    const { items } = await pages('/notifications/dead-letters', 1);
    expect(items.map(({ id }) => id)).toEqual([uuid(35), uuid(32), uuid(31)]);
    expect(items[2]).toMatchObject({ attempts: [{ number: 1 }, { number: 2 }] });
    const ofProvider = await pages(`/notifications/dead-letters?providerId=${uuid(201)}`, 50);
    expect(ofProvider.items).toMatchObject([{ id: uuid(32) }]);
  });

  it.each([
    `/monitors/${FOREIGN_MONITOR}/results`,
    `/monitors/${FOREIGN_MONITOR}/stats`,
    `/monitors/${FOREIGN_MONITOR}/status-history`,
    `/monitors/${JOB}/results`,
    `/jobs/${FOREIGN_JOB}/runs`,
    `/jobs/${MONITOR}/runs`,
    `/alerts/${uuid(4)}`,
    `/alerts/${uuid(999)}`,
  ])('%s of another project, or of nobody, is not found', async (path) => {
    const { status, body } = await api.admin.get(path);
    expect([status, body.code]).toEqual([404, 'not_found']);
  });
});
