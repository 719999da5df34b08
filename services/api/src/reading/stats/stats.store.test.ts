import { connectDatabase } from '@tocsin/database';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createViews, insertRows, resultRow, uuid } from '../views.fixture.js';
import { windowOf } from './stats.js';
import { monitorStats } from './stats.store.js';

const MONITOR = uuid(100);
const NOW = '2026-01-31T12:34:56.000Z';
const NOON = Date.parse('2026-01-31T12:00:00.000Z') / 1000;

/** One check a minute for three days, hardly two alike, at two places. */
const checks = Array.from({ length: 3 * 1440 }, (_, n) => ({
  seconds: Date.parse(NOW) / 1000 - NOON - 60 * n - 10,
  location: n % 3 === 0 ? 'berlin' : 'local',
  outcome: n % 7 === 0 ? 'down' : n % 11 === 0 ? 'error' : n % 5 === 0 ? 'degraded' : 'up',
  latency_ms: 5 + ((n * 7919) % 1000) / 10,
}));
type Check = (typeof checks)[number];

let db: Kysely<unknown>;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await freshDatabase(inject('pgUrl'));
  db = connectDatabase({ databaseUrl: database.url, name: 'test', onIdleError: () => {} });
  drop = async () => {
    await db.destroy();
    await database.drop();
  };
  await createViews(db);
  await insertRows(
    db,
    'results.monitor_results',
    checks.map(({ seconds, ...rest }) => resultRow(MONITOR, seconds, rest)),
  );
});
afterAll(() => drop());

/** Rolled up as the results service does it, up to a moment. */
async function rollUp(table: 'monitor_hourly' | 'monitor_daily', unit: 'hour' | 'day', until: string) {
  const counted = sql`filter (where outcome in ('up', 'degraded'))`;
  await sql`delete from results.${sql.id(table)}`.execute(db);
  await sql`insert into results.${sql.id(table)}
    select monitor_id, location, date_trunc(${unit}, slot, 'UTC'), count(*),
      count(*) filter (where outcome = 'up'), count(*) filter (where outcome = 'degraded'),
      count(*) filter (where outcome = 'down'), count(*) filter (where outcome = 'error'),
      coalesce(sum(latency_ms) ${counted}, 0), count(*) ${counted}, min(latency_ms) ${counted},
      max(latency_ms) ${counted},
      percentile_cont(0.5) within group (order by latency_ms) ${counted},
      percentile_cont(0.95) within group (order by latency_ms) ${counted},
      percentile_cont(0.99) within group (order by latency_ms) ${counted}, 0
    from results.monitor_results where slot < ${until} group by 1, 2, 3`.execute(db);
}

const ask = (period: '24h' | '30d', location?: string) =>
  monitorStats(db, { monitorId: MONITOR, location, window: windowOf(period, NOW) });

/** The same figures from a list in memory. */
function model(period: '24h' | '30d', location?: string) {
  const from = Date.parse(windowOf(period, NOW).from) / 1000 - NOON;
  const all = checks.filter(
    (check) => check.seconds >= from && check.location === (location ?? check.location),
  );
  const count = (outcome: string) => all.filter((check) => check.outcome === outcome).length;
  const latencies = all
    .filter(({ outcome }: Check) => outcome === 'up' || outcome === 'degraded')
    .map((check) => check.latency_ms)
    .toSorted((a, b) => a - b);
  const percentile = (share: number) => {
    const place = share * (latencies.length - 1);
    const [low = 0, high = low] = [latencies[Math.floor(place)], latencies[Math.ceil(place)]];
    return low + (high - low) * (place - Math.floor(place));
  };
  const told = count('up') + count('degraded') + count('down');
  return {
    checks: all.length,
    up: count('up'),
    degraded: count('degraded'),
    down: count('down'),
    error: count('error'),
    uptimePercent: expect.closeTo((100 * (told - count('down'))) / told, 6),
    latencyMs: {
      avg: expect.closeTo(latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length, 6),
      min: latencies[0],
      max: latencies.at(-1),
      p50: expect.closeTo(percentile(0.5), 6),
      p95: expect.closeTo(percentile(0.95), 6),
      p99: expect.closeTo(percentile(0.99), 6),
    },
  };
}

describe.each([
  ['nothing was rolled up', undefined],
  ['the rollup of an hour is minutes old', '2026-01-31T12:31:00.000Z'],
  ['the rollups are hours behind', '2026-01-31T04:12:00.000Z'],
])('when %s', (_, until) => {
  beforeAll(async () => {
    if (until === undefined) return;
    await rollUp('monitor_hourly', 'hour', until);
    await rollUp('monitor_daily', 'day', until);
  });

  it.each(['24h', '30d'] as const)('the figures of %s are those of the results', async (period) => {
    const stats = await ask(period);
    expect(stats).toMatchObject(model(period));
    expect(stats.buckets.reduce((sum, bucket) => sum + bucket.checks, 0)).toBe(stats.checks);
  });

  it('so are those of one location', async () => {
    expect(await ask('24h', 'berlin')).toMatchObject(model('24h', 'berlin'));
    expect(await ask('24h', 'nowhere')).toMatchObject({ checks: 0, latencyMs: null });
  });
});

describe('when the results of the past are gone', () => {
  let expected: ReturnType<typeof model>;
  beforeAll(async () => {
    expected = model('30d');
    await rollUp('monitor_hourly', 'hour', '2026-01-31T12:31:00.000Z');
    await rollUp('monitor_daily', 'day', '2026-01-31T12:31:00.000Z');
    await sql`delete from results.monitor_results where slot < '2026-01-31T00:00:00Z'`.execute(db);
  });

  it('counts, averages and extremes stay exact and percentiles near', async () => {
    const { latencyMs, ...counts } = await ask('30d');
    const { latencyMs: exact, ...exactCounts } = expected;
    expect(counts).toMatchObject(exactCounts);
    expect(latencyMs).toMatchObject({ avg: exact.avg, min: exact.min, max: exact.max });
    expect(Math.abs((latencyMs?.p95 ?? 0) - 100)).toBeLessThan(5);
  });

  it('hours that are gone too are still in their days', async () => {
    await sql`delete from results.monitor_hourly where start_at < '2026-01-30T00:00:00Z'`.execute(db);
    expect(await ask('30d')).toMatchObject({ checks: expected.checks, up: expected.up });
  });

  it('a monitor that was paused since keeps what its rollups know', async () => {
    await sql`delete from results.monitor_results`.execute(db);
    const { checks: known } = await ask('30d');
    expect(known).toBeGreaterThan(expected.checks - 10);
  });
});
