import { setTimeout as delay } from 'node:timers/promises';
import { createInMemoryLog, startRebuild } from '@tocsin/event-log';
import { addMs, type Instant, toInstant, toMs } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { SCHEDULE_PROJECTION } from './schedule.projection.js';
import { emptySchedules } from './schedule.store.js';
import { configured, heartbeat } from './testing.js';
import { newMonitor, startStageOn, until } from './testing-stage.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const WEEK = { type: 'heartbeat', intervalSeconds: 7 * 86_400, config: { graceSeconds: 3_600 } };
const MONTH = { type: 'heartbeat', intervalSeconds: 31 * 86_400, config: { graceSeconds: 7 * 86_400 } };
const patienceMs = { week: 7 * DAY_MS + 60 * MINUTE_MS, month: 38 * DAY_MS };

type OnFinished = (stop: () => Promise<void>) => void;

/** A scheduler whose clock is set, not waited for. */
async function world(onTestFinished: OnFinished) {
  const database = await freshDatabase(inject('pgUrl'));
  const log = createInMemoryLog();
  const stage = await startStageOn(database, log, onTestFinished);
  const recorder = stage.recorder();
  const startMs = Date.now();
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  const row = async (db = stage.db) =>
    (
      await sql<{ last_received_at: Instant | null; deadline_at: Instant }>`
        select last_received_at, deadline_at from scheduler.schedule`.execute(db)
    ).rows[0];
  return {
    database,
    log,
    stage,
    recorder,
    row,
    nowMs,
    start: () => stage.startReplica({ publish: recorder.publish, nowMs }),
    /** @returns the instant that many milliseconds after the beginning */
    at: (ms: number): Instant => toInstant(startMs + ms),
    setTo: (ms: number): void => {
      aheadMs = startMs + ms - Date.now();
    },
    /** time enough for a scheduler to find what is overdue */
    look: async () => await delay(1_500),
  };
}

describe.concurrent('a weekly heartbeat', () => {
  it('that comes is not missed within its grace, and is a minute beyond it', async ({ onTestFinished }) => {
    const { log, recorder, row, start, at, setTo, look } = await world(onTestFinished);
    start();
    const part = newMonitor({ ...WEEK, enabledAt: at(0), changedAt: at(0) });
    await log.publish(configured(part));
    setTo(6 * DAY_MS);
    await log.publish(heartbeat({ monitorId: part.monitorId, slot: at(6 * DAY_MS) }));
    await until(async () => (await row())?.last_received_at === at(6 * DAY_MS));
    setTo(6 * DAY_MS + patienceMs.week - MINUTE_MS);
    await look();
    expect(recorder.results()).toEqual([]);
    setTo(6 * DAY_MS + patienceMs.week + MINUTE_MS);
    await until(() => recorder.results().length > 0);
    await look();
    expect(recorder.results()).toMatchObject([
      {
        outcome: 'down',
        trigger: 'deadline',
        slot: at(6 * DAY_MS + patienceMs.week),
        error: { code: 'heartbeat_missed' },
        observed: { lastReceivedAt: at(6 * DAY_MS) },
      },
    ]);
  });

  it('is missed once, at its deadline, by a scheduler that was down for days around it', async ({
    onTestFinished,
  }) => {
    const { log, recorder, row, start, at, setTo, look } = await world(onTestFinished);
    const first = start();
    const part = newMonitor({ ...WEEK, enabledAt: at(0), changedAt: at(0) });
    await log.publish(configured(part));
    await until(async () => (await row()) !== undefined);
    await first.stop();
    setTo(patienceMs.week - MINUTE_MS);
    const second = start();
    await look();
    expect(recorder.results()).toEqual([]);
    await second.stop();
    setTo(patienceMs.week + 3 * DAY_MS);
    start();
    await until(() => recorder.results().length > 0);
    await look();
    expect(recorder.results().map(({ slot }) => slot)).toEqual([at(patienceMs.week)]);
  });
});

describe.concurrent('a monthly heartbeat', () => {
  it('is still known after a rebuild from a log that has forgotten it', async ({ onTestFinished }) => {
    const { database, log, row, start, nowMs, recorder, at, setTo } = await world(onTestFinished);
    const replica = start();
    const part = newMonitor({ ...MONTH, enabledAt: at(0), changedAt: at(0) });
    const renamed = { ...part, revision: 2, name: 'renamed', changedAt: at(DAY_MS) };
    await log.publish(configured(part));
    setTo(25 * DAY_MS);
    await log.publish(heartbeat({ monitorId: part.monitorId, slot: at(25 * DAY_MS) }));
    await log.publish(configured(renamed));
    await until(async () => (await row())?.last_received_at === at(25 * DAY_MS));
    await replica.stop();
    const known = { last_received_at: at(25 * DAY_MS), deadline_at: at(25 * DAY_MS + patienceMs.month) };
    expect(await row()).toEqual(known);

    // Twenty days later: CONFIG is for ever, of RESULTS nothing is left. Enabled 45 days ago, it would be overdue.
    setTo(45 * DAY_MS);
    const remembered = createInMemoryLog();
    for (const event of [configured(part), configured(renamed)]) await remembered.publish(event);
    const later = await startStageOn({ url: database.url, drop: async () => {} }, remembered, onTestFinished);
    const rebuild = async () =>
      await startRebuild({
        projection: SCHEDULE_PROJECTION,
        db: later.db,
        log: remembered,
        empty: emptySchedules,
      });
    await rebuild();
    // Broken off before anything was folded, and begun anew
    await rebuild();
    const after = later.recorder();
    later.startReplica({ publish: after.publish, nowMs });
    await until(async () => (await row()) !== undefined);
    await delay(1_500);
    expect(await row()).toEqual(known);
    expect([...recorder.results(), ...after.results()]).toEqual([]);

    setTo(25 * DAY_MS + patienceMs.month + MINUTE_MS);
    await until(() => after.results().length > 0);
    expect(after.results()).toMatchObject([{ slot: addMs(known.last_received_at, patienceMs.month) }]);
    expect(toMs(known.deadline_at)).toBeGreaterThan(toMs(at(45 * DAY_MS)));
  });
});
