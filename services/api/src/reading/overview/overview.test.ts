import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';
import { textAt } from '../../testing/client.fixture.js';
import { FOREIGN_JOB, FOREIGN_MONITOR, JOB, MONITOR, seedViews } from '../seed.fixture.js';
import { at, insertRows, jobRow, monitorRow, PROJECT, resultRow, runRow, uuid } from '../views.fixture.js';

const [PAUSED, DEGRADED, PROVIDER, SWITCHED_OFF] = [uuid(102), uuid(103), uuid(200), uuid(201)];
/** Nobody has seen it. */
const NEW = uuid(104);

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => at(3600));
  const { db } = api;
  await insertRows(db, 'config.monitors', [
    { ...monitorRow(MONITOR), tags: ['web', 'shop'], locations: ['local', 'berlin'] },
    { ...monitorRow(PAUSED), tags: ['web'], enabled: false },
    monitorRow(DEGRADED),
    monitorRow(NEW),
    { ...monitorRow(FOREIGN_MONITOR, 'other'), tags: ['theirs'] },
  ]);
  await insertRows(db, 'config.jobs', [{ ...jobRow(JOB), tags: ['shop'] }, jobRow(FOREIGN_JOB, 'other')]);
  const provider = { project: PROJECT, name: 'hook', type: 'webhook', enabled: true, config: {}, masks: {} };
  const times = { revision: 1, created_at: at(0), updated_at: at(0) };
  await insertRows(
    db,
    'config.notification_providers',
    [PROVIDER, SWITCHED_OFF].map((id) => ({ id, ...provider, ...times })),
  );
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const get = async (path: string) => (await api.admin.get(path)).body;

describe('before the other services were ever started', () => {
  it('the overview knows what was configured', async () => {
    expect(await get('/overview')).toMatchObject({
      at: at(3600),
      counts: {
        monitors: { total: 4, byStatus: { pending: 3, paused: 1, up: 0, down: 0 } },
        jobs: { total: 1, byStatus: { pending: 1 } },
        alerts: { open: 0, unacknowledged: 0, oldestSince: null },
        deliveries: { failingProviders: 0, deadLetters: 0 },
        runs: { queued: 0, running: 0 },
      },
    });
  });

  it('bars are empty, and all other numbers nothing', async () => {
    expect(await get(`/monitors/bars?ids=${MONITOR}`)).toEqual({
      items: [{ monitorId: MONITOR, checks: [] }],
    });
    expect(await get('/alerts/counts')).toMatchObject({ open: 0, byType: { failure: 0 } });
    expect(await get(`/jobs/${JOB}/missed`)).toEqual({ items: [], nextCursor: null });
    expect(await get(`/jobs/${JOB}`)).toMatchObject({ lastRun: null });
    const { items } = await get(`/monitors/${MONITOR}/locations`);
    expect(items).toMatchObject([
      { location: 'berlin', configured: true, lastOutcome: null, checks: 0 },
      { location: 'local', configured: true, lastOutcome: null, uptimePercent: null },
    ]);
  });
});

describe('when they have something to say', () => {
  beforeAll(async () => {
    const { db } = api;
    await seedViews(db);
    const seen = (target_id: string, status: string, more: object = {}) => ({
      target_id,
      target_kind: 'monitor',
      project: PROJECT,
      status,
      deleted: false,
      ...more,
    });
    await insertRows(db, 'results.target_status', [
      seen(MONITOR, 'down', { last_check_at: at(540), last_latency_ms: 12.5 }),
      // It was resumed: what the results service said before is over.
      seen(DEGRADED, 'paused'),
      seen(PAUSED, 'up'),
      seen(JOB, 'up', { target_kind: 'job' }),
      seen(FOREIGN_MONITOR, 'down', { project: 'other' }),
    ]);
    await insertRows(db, 'results.job_run', [
      runRow(uuid(11), JOB, at(600), { status: 'running', finished_at: null }),
      runRow(uuid(12), JOB, at(500), { status: 'queued', started_at: null, finished_at: null }),
      runRow(uuid(13), FOREIGN_JOB, at(500), { project: 'other', status: 'running', finished_at: null }),
    ]);
    await insertRows(db, 'config.run_request', [
      {
        run_id: uuid(14),
        job_id: JOB,
        project: PROJECT,
        trigger: 'manual',
        location: 'local',
        test_count: 1,
        requested_by: 'ann',
        requested_at: at(3590),
      },
    ]);
    await insertRows(db, 'notifier.provider_health', [
      { provider_id: PROVIDER, breaker: 'closed', last_used_at: at(5) },
      {
        provider_id: SWITCHED_OFF,
        breaker: 'open',
        disabled_reason: 'gone',
        disabled_at: at(60),
        incident: { since: at(50), reason: 'gone' },
      },
    ]);
    await insertRows(
      db,
      'results.missed_run',
      [1, 2, 3].map((n) => ({
        event_id: uuid(n),
        job_id: JOB,
        project: PROJECT,
        from_slot: at(n * 60),
        to_slot: at(n * 60 + 30),
        count: n,
        reason: 'scheduler_was_down',
        recorded_at: at(600),
      })),
    );
  });

  it('the overview counts what is of the project', async () => {
    expect(await get('/overview')).toMatchObject({
      counts: {
        monitors: { total: 4, byStatus: { down: 1, pending: 2, paused: 1, up: 0 } },
        jobs: { total: 1, byStatus: { up: 1 } },
        alerts: { open: 2, unacknowledged: 2, oldestSince: at(0) },
        deliveries: { failingProviders: 1, deadLetters: 3 },
        runs: { queued: 2, running: 1 },
      },
    });
  });

  it('tags are counted by what has them', async () => {
    expect(await get('/tags')).toEqual({
      items: [
        { name: 'shop', monitors: 1, jobs: 1, tests: 0 },
        { name: 'web', monitors: 2, jobs: 0, tests: 0 },
      ],
    });
  });

  it('bars hold the last checks, oldest first, of what is theirs to see', async () => {
    const { items } = await get(`/monitors/bars?ids=${MONITOR},${NEW},${FOREIGN_MONITOR}&checks=3`);
    const checks = [
      { slot: at(420), outcome: 'up', latencyMs: 12.5, location: 'local' },
      { slot: at(480), outcome: 'up', latencyMs: 12.5, location: 'local' },
      { slot: at(540), outcome: 'up', latencyMs: 12.5, location: 'local' },
    ];
    expect(items).toEqual([
      { monitorId: MONITOR, checks },
      { monitorId: NEW, checks: [] },
    ]);
    expect(await get(`/monitors/${MONITOR}/bar?checks=3`)).toEqual({ monitorId: MONITOR, checks });
    expect((await get(`/monitors/${MONITOR}/bar`)).checks).toHaveLength(11);
    expect(await get(`/monitors/${FOREIGN_MONITOR}/bar`)).toMatchObject({ status: 404 });
  });

  it('alerts are counted by what they are', async () => {
    expect(await get('/alerts/counts')).toEqual({
      open: 2,
      unacknowledged: 2,
      bySeverity: { error: 1, warning: 1, success: 0, info: 0 },
      byType: { failure: 0, ssl_expiring: 1, success: 0, timeout: 1, unobservable: 0 },
    });
  });

  it('an alert in a list says in a sentence why', async () => {
    const { items } = await get('/alerts?state=resolved');
    expect(items).toMatchObject([
      { targetName: 'shop', reason: 'threshold_reached', why: 'A check failed: nobody listens there.' },
    ]);
  });

  it('a job says how it last ran, and which slots it missed', async () => {
    expect(await get(`/jobs/${JOB}`)).toMatchObject({
      lastRun: { runId: uuid(11), status: 'running', startedAt: at(600), finishedAt: null },
    });
    const first = await get(`/jobs/${JOB}/missed?limit=2`);
    expect(first.items).toMatchObject([{ toSlot: at(210), count: 3 }, { toSlot: at(150) }]);
    const second = await get(`/jobs/${JOB}/missed?limit=2&cursor=${textAt(first, 'nextCursor')}`);
    expect(second).toMatchObject({ items: [{ fromSlot: at(60), count: 1 }], nextCursor: null });
    expect(await get(`/jobs/${FOREIGN_JOB}/missed`)).toMatchObject({ status: 404 });
  });

  it('each location has its figures and says since when it sees what it sees', async () => {
    await insertRows(api.db, 'results.monitor_results', [
      resultRow(MONITOR, 360, { location: 'oslo', outcome: 'up' }),
    ]);
    const { items } = await get(`/monitors/${MONITOR}/locations`);
    expect(items).toMatchObject([
      {
        location: 'berlin',
        configured: true,
        lastOutcome: 'down',
        lastError: { code: 'timeout' },
        since: at(300),
        checks: 1,
        uptimePercent: 0,
      },
      {
        location: 'local',
        configured: true,
        lastOutcome: 'up',
        since: at(0),
        checks: 10,
        uptimePercent: 100,
      },
      { location: 'oslo', configured: false, lastCheckAt: at(360), latencyMs: { avg: 12.5 } },
    ]);
  });

  it('a provider that carries nothing says since when', async () => {
    const health = async (id: string) => (await get(`/notification-providers/${id}`)).health;
    expect(await health(PROVIDER)).toEqual({
      lastSuccessAt: at(5),
      failingSince: null,
      failingReason: null,
      circuit: 'closed',
    });
    expect(await health(SWITCHED_OFF)).toEqual({
      lastSuccessAt: null,
      failingSince: at(50),
      failingReason: 'gone',
      circuit: 'open',
    });
  });

  it('a day of results has the phases of its checks, a month has none', async () => {
    await insertRows(
      api.db,
      'results.monitor_results',
      [10, 30].map((firstByteMs, n) =>
        resultRow(DEGRADED, n * 60, { timings: { totalMs: 40, connectMs: 5, firstByteMs } }),
      ),
    );
    const phases = { dnsMs: null, connectMs: 5, tlsMs: null, firstByteMs: 20 };
    const day = await get(`/monitors/${DEGRADED}/stats`);
    expect(day.phases).toEqual(phases);
    const buckets = day.buckets as { startAt: string; phases: unknown }[];
    expect(buckets.filter((bucket) => bucket.phases !== null)).toMatchObject([{ startAt: at(0), phases }]);
    expect((await get(`/monitors/${DEGRADED}/stats?period=30d`)).phases).toBeNull();
  });
});
