import { setTimeout as delay } from 'node:timers/promises';
import { startRebuild } from '@tocsin/event-log';
import { toInstant } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { SCHEDULE_PROJECTION } from './schedule.projection.js';
import { emptySchedules } from './schedule.store.js';
import { configured, deleted, heartbeat } from './testing.js';
import { newMonitor, startStage, until } from './testing-stage.js';

const stageOf = async (onTestFinished: (stop: () => Promise<void>) => void) =>
  await startStage(await freshDatabase(inject('pgUrl')), onTestFinished);

describe.concurrent('a rebuild', () => {
  it('gives the same table and publishes nothing', async ({ onTestFinished }) => {
    const { db, log, startReplica, recorder } = await stageOf(onTestFinished);
    const first = recorder();
    const replica = startReplica({ publish: first.publish });
    const [edited, gone, beating] = [
      newMonitor(),
      newMonitor(),
      newMonitor({ type: 'heartbeat', config: {} }),
    ];
    for (const part of [edited, gone, beating]) await log.publish(configured(part));
    await log.publish(configured({ ...edited, revision: 2, target: 'http://127.0.0.9/' }));
    await log.publish(deleted({ monitorId: gone.monitorId, revision: 2 }));
    await log.publish(heartbeat({ monitorId: beating.monitorId, slot: toInstant(Date.now() + 1_000) }));
    const dump = async () =>
      (await sql`select to_jsonb(s) as row from scheduler.schedule s order by monitor_id`.execute(db)).rows;
    const isFolded = async () =>
      (await sql`select 1 from scheduler.schedule where last_received_at is not null or deleted`.execute(db))
        .rows.length === 2;
    await until(async () => (await isFolded()) && first.due().length >= 1);
    await delay(150);
    await replica.stop();
    const before = await dump();
    await startRebuild({ projection: SCHEDULE_PROJECTION, db, log, empty: emptySchedules });
    expect(await dump()).toEqual([]);
    const second = recorder();
    startReplica({ publish: second.publish });
    await until(isFolded);
    await delay(300);
    expect(await dump()).toEqual(before);
    expect(second.seen).toEqual([]);
  });
});
