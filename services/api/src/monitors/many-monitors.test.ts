import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createViews, insertRows } from '../reading/views.fixture.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { clientWith, configEvents, foreigner } from '../testing/given.fixture.js';

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

const UNKNOWN = '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8';
const shop = { name: 'shop', type: 'http_request', target: 'http://127.0.0.1:8081/' };
const create = async (more: object = {}) => (await api.admin.post('/monitors', { ...shop, ...more })).id;
const createMany = (count: number) => Promise.all(Array.from({ length: count }, () => create()));
const bulk = async (action: string, ids: readonly string[], client = api.admin) => {
  const { status, body } = await client.post('/monitors/bulk', { action, ids });
  expect(status).toBe(200);
  return (body.items as { id: string; outcome: string }[]).map(({ outcome }) => outcome);
};

describe('many at once', () => {
  test('are paused and resumed, each with its revision and its event', async () => {
    const ids = await createMany(60);
    const [first = ''] = ids;
    await api.admin.post(`/monitors/${first}/pause`);
    expect(await bulk('pause', [...ids, UNKNOWN])).toEqual([
      'unchanged',
      ...Array.from({ length: 59 }, () => 'done'),
      'not_found',
    ]);
    expect((await api.admin.get(`/monitors/${ids[59]}`)).body).toMatchObject({
      status: 'paused',
      revision: 2,
    });
    expect(await bulk('resume', ids)).toEqual(ids.map(() => 'done'));
    const { body } = await api.admin.get(`/monitors/${ids[59]}`);
    expect(body).toMatchObject({ status: 'pending', revision: 3 });
    expect(await configEvents(api, ids[59] ?? '')).toMatchObject([
      { revision: 1, enabled: true },
      { revision: 2, enabled: false, enabledAt: body.createdAt },
      { revision: 3, enabled: true, enabledAt: body.updatedAt, changedBy: { name: 'first administrator' } },
    ]);
  });

  test('are deleted with their secrets', async () => {
    const config = { auth: { type: 'bearer', token: 'canary' } };
    const ids = [await create({ config }), await create()];
    expect(await bulk('delete', [...ids, ids[0] ?? ''])).toEqual(['done', 'done', 'done']);
    expect(await bulk('delete', ids)).toEqual(['not_found', 'not_found']);
    const left = await api.db.selectFrom('config.secret').selectAll().where('record_id', 'in', ids).execute();
    expect(left).toEqual([]);
    expect((await configEvents(api, ids[0] ?? '')).at(-1)).toMatchObject({ monitorId: ids[0], revision: 2 });
  });

  test('of others are nobody’s, and who may only read changes none', async () => {
    const id = await create();
    expect(await bulk('delete', [id], await foreigner(api))).toEqual(['not_found']);
    const reader = await clientWith(api, 'read');
    expect((await reader.post('/monitors/bulk', { action: 'delete', ids: [id] })).status).toBe(403);
    expect((await api.admin.get(`/monitors/${id}`)).status).toBe(200);
  });

  test('by two at the same time are each changed once', async () => {
    const ids = await createMany(20);
    const both = await Promise.all([bulk('pause', ids), bulk('pause', ids.toReversed())]);
    expect(both.flat().filter((outcome) => outcome === 'done')).toHaveLength(20);
    expect((await api.admin.get(`/monitors/${ids[0]}`)).body).toMatchObject({ revision: 2 });
  });

  test('are done once for one Idempotency-Key', async () => {
    const id = await create();
    const send = () =>
      api.admin.post('/monitors/bulk', { action: 'pause', ids: [id] }, { 'idempotency-key': 'bulk' });
    expect((await send()).body).toEqual((await send()).body);
    expect((await api.admin.get(`/monitors/${id}`)).body).toMatchObject({ revision: 2 });
  });

  test.each([
    [{ action: 'pause', ids: [] }, 'ids'],
    [{ action: 'pause', ids: Array.from({ length: 501 }, () => UNKNOWN) }, 'ids'],
    [{ action: 'pause', ids: ['x'] }, 'ids.0'],
    [{ action: 'explode', ids: [UNKNOWN] }, 'action'],
  ])('%j is refused by name', async (wrong, field) => {
    const { body } = await api.admin.post('/monitors/bulk', wrong);
    expect(body).toMatchObject({ status: 400, errors: [{ field }] });
  });
});

describe('a list', () => {
  const made: string[] = [];
  const NAMES = ['beta', 'Alpha', 'delta', 'Gamma', 'alpha'];
  const list = async (query: string) => {
    const { status, body } = await api.admin.get(`/monitors?tag=sorted&${query}`);
    expect(status).toBe(200);
    return body as { items: { id: string; name: string }[]; nextCursor: string | null };
  };
  const listed = async (query: string) => (await list(query)).items.map(({ id }) => made.indexOf(id));
  const paged = async (query: string) => {
    const all: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(`${query}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      all.push(...page.items.map(({ id }) => made.indexOf(id)));
      cursor = page.nextCursor;
    }
    return all;
  };

  beforeAll(async () => {
    for (const [n, name] of NAMES.entries())
      made.push(await create({ name, tags: ['sorted', `t,${n}`], target: `http://10.0.0.${n}/` }));
    await api.admin.post(`/monitors/${made[3]}/pause`);
  });

  test('is sorted before any service but this one has run', async () => {
    expect(await paged('sort=name')).toEqual([1, 4, 0, 2, 3]);
    expect(await paged('sort=status')).toEqual([1, 4, 0, 2, 3]);
    expect(await paged('sort=lastCheckAt')).toEqual([0, 1, 2, 3, 4]);
    expect(await listed('status=paused,pending')).toEqual([0, 1, 2, 3, 4]);
    expect(await listed('status=up')).toEqual([]);
  });

  describe('with what was seen', () => {
    beforeAll(async () => {
      await createViews(api.db);
      await insertRows(
        api.db,
        'results.target_status',
        ['up', 'down', 'up', 'up', 'degraded'].map((status, n) => ({
          target_id: made[n],
          target_kind: 'monitor',
          project: 'default',
          status,
          deleted: false,
          last_check_at: n === 2 ? null : new Date(Date.now() - n * 1000).toISOString(),
          last_latency_ms: 10 + n,
        })),
      );
      const start_at = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString();
      await insertRows(
        api.db,
        'results.monitor_hourly',
        ['local', 'elsewhere'].map((location) => ({
          monitor_id: made[0],
          location,
          start_at,
          latency_sum: 0,
          latency_count: 0,
          status_changes: 0,
          checks: 5,
          up: 2,
          degraded: 1,
          down: 1,
          error: 1,
        })),
      );
    });

    test.each([
      ['sort=name', [1, 4, 0, 2, 3]],
      ['sort=name&order=desc', [3, 2, 0, 4, 1]],
      ['sort=status', [1, 4, 0, 2, 3]],
      ['sort=status&order=desc', [3, 2, 0, 4, 1]],
      ['sort=lastCheckAt', [2, 4, 3, 1, 0]],
      ['sort=lastCheckAt&order=desc', [0, 1, 3, 4, 2]],
      ['sort=createdAt', [0, 1, 2, 3, 4]],
      ['order=desc', [4, 3, 2, 1, 0]],
    ])('%s: the same in one page and in three', async (query, expected) => {
      expect(await listed(query)).toEqual(expected);
      expect(await paged(query)).toEqual(expected);
    });

    test.each([
      ['status=down,degraded', [1, 4]],
      ['status=down&status=paused', [1, 3]],
      ['type=dns,http_request', [0, 1, 2, 3, 4]],
      ['type=dns', []],
      ['search=ALPHA', [1, 4]],
      ['search=10.0.0.2', [2]],
      ['tag=t,1&enabled=true', [0, 1, 2, 4]],
      ['status=up&search=ta&sort=name', [0, 2]],
    ])('%s', async (query, expected) => {
      expect(await listed(query)).toEqual(expected);
    });

    test('any of several tags will do, commas and all', async () => {
      const { body } = await api.admin.get('/monitors?tag=t,1&tag=t,3');
      expect((body.items as { id: string }[]).map(({ id }) => made.indexOf(id))).toEqual([1, 3]);
    });

    test('says of each how fast it was, and how much of the day it was up at the places it has', async () => {
      const { items } = await list('');
      expect(items[0]).toMatchObject({ lastLatencyMs: 10, uptime24h: 75 });
      expect(items[1]).toMatchObject({ lastLatencyMs: 11, uptime24h: null });
    });

    test('a cursor goes on with the list it is of, and no other', async () => {
      const { nextCursor } = await list('sort=name&limit=2');
      const answer = await api.admin.get(`/monitors?sort=status&cursor=${nextCursor}`);
      expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'cursor' }] });
    });

    test('names as long as they may be make cursors that are taken back', async () => {
      for (const name of ['語'.repeat(255), '"'.repeat(255), '😀'.repeat(127)])
        await create({ name, tags: ['long'] });
      const first = await api.admin.get('/monitors?tag=long&sort=name&limit=1');
      const second = await api.admin.get(
        `/monitors?tag=long&sort=name&limit=1&cursor=${textAt(first.body, 'nextCursor')}`,
      );
      const third = await api.admin.get(
        `/monitors?tag=long&sort=name&limit=1&cursor=${textAt(second.body, 'nextCursor')}`,
      );
      expect([second.status, third.status]).toEqual([200, 200]);
      const names = [first, second, third].flatMap(({ body }) => body.items as { name: string }[]);
      expect(new Set(names.map(({ name }) => name)).size).toBe(3);
    });
  });
});
