import { setTimeout as delay } from 'node:timers/promises';
import { toInstant, toMs } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { configured, deleted } from './testing.js';
import { newMonitor, startStage, until } from './testing-stage.js';

const stageOf = async (onTestFinished: (stop: () => Promise<void>) => void) =>
  await startStage(await freshDatabase(inject('pgUrl')), onTestFinished);

describe.concurrent('the clock', () => {
  it('K3 has a new monitor checked at once at each location, then by its grid', async ({
    onTestFinished,
  }) => {
    const { log, startReplica, recorder } = await stageOf(onTestFinished);
    const { publish, due } = recorder();
    startReplica({ publish });
    // Hourly, so that no slot of its grid comes before a machine that is slow has published the first.
    const part = newMonitor({ intervalSeconds: 3_600, locations: ['local', 'paris'] });
    await log.publish(configured(part));
    await until(() => due().length >= 2);
    expect(due()).toMatchObject([
      { trigger: 'first', slot: part.enabledAt, location: 'local' },
      { trigger: 'first', slot: part.enabledAt, location: 'paris' },
    ]);
    const often = newMonitor({ intervalSeconds: 1 });
    await log.publish(configured(often));
    const ofOften = () => due().filter(({ monitorId }) => monitorId === often.monitorId);
    await until(() => ofOften().length >= 4);
    const [, ...grid] = ofOften().map(({ slot }) => toMs(slot));
    expect(new Set(grid.map((slot) => slot % 1_000)).size).toBe(1);
    expect(new Set(grid).size).toBe(grid.length);
  });

  it('K16 K18 uses an edit from the moment it is folded: target, settings and interval', async ({
    onTestFinished,
  }) => {
    const { log, startReplica, recorder } = await stageOf(onTestFinished);
    const { publish, due } = recorder();
    startReplica({ publish });
    const part = newMonitor();
    await log.publish(configured(part));
    await until(() => due().length === 1);
    const edit = {
      target: 'http://127.0.0.2/',
      config: { timeoutSeconds: 9 },
      intervalSeconds: 1,
      secretVersion: 3,
    };
    await log.publish(configured({ ...part, ...edit, revision: 2 }));
    await until(() => due().length >= 2);
    const { target, config, secretVersion } = edit;
    expect(due()[1]).toMatchObject({ target, config, secretVersion, configRevision: 2, trigger: 'schedule' });
  });

  it('has a deleted or paused monitor checked no more, and a resumed one at once', async ({
    onTestFinished,
  }) => {
    const { db, log, startReplica, recorder } = await stageOf(onTestFinished);
    const { publish, due } = recorder();
    startReplica({ publish });
    const [gone, paused] = [newMonitor({ intervalSeconds: 1 }), newMonitor({ intervalSeconds: 1 })];
    await log.publish(configured(gone));
    await log.publish(configured(paused));
    await until(() => due().length >= 2);
    await log.publish(deleted({ monitorId: gone.monitorId, revision: 2 }));
    await log.publish(configured({ ...paused, revision: 2, enabled: false }));
    await until(async () => {
      const { rows } = await sql`select 1 from scheduler.schedule where enabled`.execute(db);
      return rows.length === 0;
    });
    await delay(150);
    const before = due().length;
    await delay(1_200);
    expect(due()).toHaveLength(before);
    const enabledAt = toInstant(Date.now());
    await log.publish(configured({ ...paused, revision: 3, enabledAt, changedAt: enabledAt }));
    await until(() => due().length > before);
    expect(due()[before]).toMatchObject({ monitorId: paused.monitorId, trigger: 'first', slot: enabledAt });
  });

  it('catches up on downtime with one check of each monitor and a record of the rest', async ({
    onTestFinished,
  }) => {
    const { log, startReplica, recorder } = await stageOf(onTestFinished);
    const first = recorder();
    const one = startReplica({ publish: first.publish });
    const part = newMonitor({ intervalSeconds: 60 });
    await log.publish(configured(part));
    await until(() => first.due().length > 0);
    await one.stop();
    const second = recorder();
    const later = 600_000;
    startReplica({ publish: second.publish, nowMs: () => Date.now() + later });
    await until(() => second.seen.length >= 2);
    expect(second.due()).toMatchObject([{ trigger: 'catch_up' }]);
    const [missed] = second.missed();
    expect(missed).toMatchObject({ monitorId: part.monitorId, reason: 'scheduler_was_down' });
    expect([9, 10]).toContain(missed?.count);
  });

  it('does not move its mark past what the log has not taken, and goes on from there', async ({
    onTestFinished,
  }) => {
    const { db, log, startReplica, recorder } = await stageOf(onTestFinished);
    const stalled = startReplica({ publish: () => new Promise(() => undefined) });
    const part = newMonitor({ intervalSeconds: 1 });
    await log.publish(configured(part));
    const markOf = async () => {
      const { rows } = await sql<{ published_until: string }>`
        select published_until from scheduler.mark where shard = ${part.monitorId.slice(-1)}`.execute(db);
      return toMs(rows[0]?.published_until ?? '');
    };
    await delay(1_500);
    const mark = await markOf();
    expect(mark).toBeLessThan(Date.now() - 400);
    await stalled.stop();
    const { publish, missed, due } = recorder();
    startReplica({ publish });
    await until(() => due().length >= 2);
    const found = [...due().map(({ slot }) => slot), ...missed().map(({ firstSlot }) => firstSlot)];
    const earliest = Math.min(...found.map(toMs));
    expect(earliest).toBe(toMs(part.enabledAt));
  });

  it('goes on in another replica when one loses its connection, without losing or repeating a slot', async ({
    onTestFinished,
  }) => {
    const { db, log, startReplica, recorder } = await stageOf(onTestFinished);
    const { publish, seen, due, missed } = recorder();
    startReplica({ publish });
    startReplica({ publish });
    const parts = Array.from({ length: 12 }, () => newMonitor({ intervalSeconds: 1 }));
    for (const part of parts) await log.publish(configured(part));
    const held = async () => {
      const { rows } = await sql<{ pid: number; shards: number }>`
        select pid, count(*) filter (where objid < 16)::int as shards from pg_locks
        where locktype = 'advisory' and classid = (hashtext('scheduler-clock')::bigint & 4294967295)::oid
          and database = (select oid from pg_database where datname = current_database())
        group by pid order by pid`.execute(db);
      return rows;
    };
    await until(async () => (await held()).map(({ shards }) => shards).join() === '8,8');
    await until(() => due().length > 24);
    const [victim] = await held();
    await sql`select pg_terminate_backend(${victim?.pid})`.execute(db);
    const killedAt = due().length;
    await until(() => due().length > killedAt + 36);
    const ids = seen.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { monitorId, enabledAt } of parts) {
      const grid = due().filter((one) => one.monitorId === monitorId && one.slot !== enabledAt);
      const slots = grid.map(({ slot }) => toMs(slot)).toSorted((a, b) => a - b);
      const skipped = missed().filter((one) => one.monitorId === monitorId);
      const span = ((slots.at(-1) ?? 0) - (slots[0] ?? 0)) / 1_000 + 1;
      expect(slots.length + skipped.reduce((sum, { count }) => sum + count, 0)).toBe(span);
    }
  });

  it('publishes nothing by schedules that are not folded up to now', async ({ onTestFinished }) => {
    const { log, startReplica, recorder } = await stageOf(onTestFinished);
    const part = newMonitor({ intervalSeconds: 1 });
    await log.publish(configured(part));
    const { publish, due } = recorder();
    const early = startReplica({ publish, folds: false });
    await delay(400);
    expect(due()).toEqual([]);
    await early.stop();
    startReplica({ publish });
    await until(() => due().length > 0);
  });
});
