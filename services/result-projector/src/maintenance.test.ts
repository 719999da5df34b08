import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { addDays, dayOf, hourOf, startOfDay } from './day.js';
import { at, check, configured, idOf, run, T0 } from './events.fixture.js';
import { maintain } from './maintenance.loop.js';
import { ensurePartitions, listPartitions } from './partitions.store.js';
import { startProjector, type TestProjector } from './projector.fixture.js';
import { applyRetention } from './retention.store.js';

const retention = { resultsDays: 7, hourlyDays: 30, dailyDays: 90, historyDays: 90 };
let projector: TestProjector;
beforeEach(async () => {
  projector = await startProjector(await freshDatabase(inject('pgUrl')));
});
afterEach(() => projector.close());

const maintained = () => maintain({ db: projector.db, retention, now: projector.now });
async function someoneWaits(): Promise<void> {
  for (;;) {
    const waiting = await projector.rows(`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    if (waiting.length > 0) return;
    await delay(5);
  }
}
const day = (n: number): Instant => at(n * 86_400);
const rollups = (table: 'hourly' | 'daily') =>
  projector.rows<Record<string, unknown>>(
    `select * from results.monitor_${table} order by start_at, monitor_id, location`,
  );

/** percentile_cont: linear between the two nearest. */
function percentile(sorted: readonly number[], fraction: number): number | null {
  if (sorted.length === 0) return null;
  const place = fraction * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return low + (high - low) * (place - Math.floor(place));
}

type Check = ReturnType<typeof check>['data'];

/** The figures from all results at once: what SQL must come to. */
function figuresOf(all: readonly Check[], startOf: (slot: Instant) => Instant) {
  const sorted = all.toSorted((a, b) => (a.slot < b.slot ? -1 : 1));
  const changes = new Set<Check>();
  const last = new Map<string, string>();
  for (const one of sorted) {
    if (one.outcome === 'error') continue;
    const voice = `${one.monitorId} ${one.location}`;
    if ((last.get(voice) ?? one.outcome) !== one.outcome) changes.add(one);
    last.set(voice, one.outcome);
  }
  const groups = new Map<string, Check[]>();
  for (const one of sorted) {
    const key = `${startOf(one.slot)} ${one.monitorId} ${one.location}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const [start_at, monitor_id, location] = key.split(' ');
      const count = (outcome: string) => group.filter((one) => one.outcome === outcome).length;
      const inOrder = group.filter(({ outcome }) => outcome === 'up' || outcome === 'degraded');
      const latencies = inOrder.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
      return {
        monitor_id,
        location,
        start_at,
        checks: group.length,
        up: count('up'),
        degraded: count('degraded'),
        down: count('down'),
        error: count('error'),
        latency_sum: inOrder.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
        latency_count: latencies.length,
        latency_min: latencies[0] ?? null,
        latency_max: latencies.at(-1) ?? null,
        latency_p50: percentile(latencies, 0.5),
        latency_p95: percentile(latencies, 0.95),
        latency_p99: percentile(latencies, 0.99),
        status_changes: group.filter((one) => changes.has(one)).length,
      };
    });
}

/** Rows without the last digits of what was interpolated. */
const rounded = (rows: readonly Record<string, unknown>[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value,
      ]),
    ),
  );

describe('the figures of hours and days', () => {
  const outcomes = ['up', 'up', 'down', 'degraded', 'error', 'up', 'error', 'down', 'down', 'up'] as const;
  const events = Array.from({ length: 400 }, (_, n) =>
    check(idOf(n % 2), at((n >> 2) * 1200 - 50_000), {
      location: n % 4 < 2 ? 'a' : 'b',
      outcome: outcomes[(n * 7 + (n >> 3)) % outcomes.length] ?? 'up',
      latencyMs: ((n * 37) % 101) + 0.123,
    }),
  );
  const data = events.map((event) => event.data);
  const hourly = figuresOf(data, hourOf);
  const daily = figuresOf(data, (slot) => startOfDay(dayOf(slot)));

  it('are what the results come to', async () => {
    projector.setNow(day(2));
    await projector.publish(...events);
    await projector.catchUp();
    await maintained();
    expect(hourly.length).toBeGreaterThan(100);
    expect(rounded(await rollups('hourly'))).toEqual(rounded(hourly));
    expect(rounded(await rollups('daily'))).toEqual(rounded(daily));
  });

  it('are made again for an hour that gets a late result, and only then', async () => {
    projector.setNow(day(2));
    await projector.publish(...events.slice(0, 390));
    await projector.catchUp();
    await maintained();
    expect(await projector.rows('select 1 from results.dirty_hour')).toEqual([]);
    await projector.publish(...events.slice(390));
    await projector.catchUp();
    expect(await projector.rows('select distinct hour from results.dirty_hour')).not.toEqual([]);
    await maintained();
    expect(rounded(await rollups('hourly'))).toEqual(rounded(hourly));
    expect(rounded(await rollups('daily'))).toEqual(rounded(daily));
  });

  it('of a running day wait for a while, those of a running hour do not', async () => {
    await projector.publish(check(idOf(1), at(0)));
    await projector.catchUp();
    await maintained();
    expect([(await rollups('hourly')).length, (await rollups('daily')).length]).toEqual([1, 0]);
    projector.setNow(at(16 * 60));
    await maintained();
    expect(await rollups('daily')).toMatchObject([{ start_at: startOfDay(dayOf(T0)), checks: 1 }]);
  });

  it('lose no result that is committed while they are being made', async () => {
    await projector.publish(check(idOf(1), at(0)));
    await projector.catchUp();
    let pass: Promise<void> | undefined;
    await projector.db.transaction().execute(async (late) => {
      // A batch that has marked its hour and not committed yet, as seen by a pass that starts now.
      await sql`update results.dirty_hour set version = version + 1`.execute(late);
      await sql`insert into results.monitor_results select monitor_id, project, slot + interval '1 minute', location,
        outcome, latency_ms, error, started_at, finished_at, timings, attempts, observed, certificate, trigger, event_id
        from results.monitor_results`.execute(late);
      pass = maintained();
      await someoneWaits();
    });
    await pass;
    expect(await rollups('hourly')).toMatchObject([{ checks: 1 }]);
    await maintained();
    expect(await rollups('hourly')).toMatchObject([{ checks: 2 }]);
  });
});

describe('partitions and retention', () => {
  const days = () => listPartitions(projector.db);

  it('makes room ahead, and on demand for what is late', async () => {
    await maintained();
    const today = dayOf(T0);
    expect(await days()).toEqual(Array.from({ length: 10 }, (_, n) => addDays(today, n - 7)));
    await projector.publish(check(idOf(1), day(-20)));
    await projector.catchUp();
    expect((await days())[0]).toBe(dayOf(day(-20)));
  });

  it('lets two make the same day at once', async () => {
    const make = () =>
      projector.db.transaction().execute((tx) => ensurePartitions(tx, ['2026-01-01', '2026-01-02']));
    await Promise.all([make(), make(), make()]);
    expect(await days()).toEqual(['2026-01-01', '2026-01-02']);
  });

  it('drops what was kept long enough, and folds what still comes for a dropped day', async () => {
    const [m, job] = [idOf(1), idOf(0x21)];
    await projector.publish(configured(m, 1), check(m, at(0)), check(m, at(30)), run(job, at(0)));
    await projector.catchUp();
    await maintained();
    projector.setNow(day(8));
    await maintained();
    const dropped = await applyRetention(projector.db, retention, projector.now());
    expect(dropped.days.at(-1)).toBe(dayOf(T0));
    expect((await days())[0]).toBe(dayOf(day(1)));
    expect(await projector.rows('select 1 from results.monitor_results')).toEqual([]);
    expect((await rollups('hourly')).length).toBe(1);

    await projector.publish(check(m, at(60)));
    await projector.catchUp();
    expect(await projector.rows('select 1 from results.dead_letter')).toEqual([]);
    await maintained();
    // One late result is not the hour: its figures were made of all of them.
    expect(await rollups('hourly')).toMatchObject([{ start_at: T0, checks: 2, latency_count: 2 }]);

    projector.setNow(day(31));
    await applyRetention(projector.db, retention, projector.now());
    expect((await rollups('hourly')).length).toBe(0);
    expect(await projector.rows('select 1 from results.status_history')).not.toEqual([]);
    projector.setNow(day(91));
    await applyRetention(projector.db, retention, projector.now());
    for (const table of ['monitor_daily', 'status_history', 'job_run'])
      expect(await projector.rows(`select 1 from results.${table}`)).toEqual([]);
  });

  it('waits for nobody longer than a second', async () => {
    await projector.publish(check(idOf(1), at(0)));
    await projector.catchUp();
    await projector.db.transaction().execute(async (reader) => {
      await sql`select 1 from results.monitor_results`.execute(reader);
      const startedAt = performance.now();
      await expect(applyRetention(projector.db, retention, day(9))).rejects.toMatchObject({ code: '55P03' });
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    });
    expect(await applyRetention(projector.db, retention, day(9))).toMatchObject({ days: [dayOf(T0)] });
  });
});
