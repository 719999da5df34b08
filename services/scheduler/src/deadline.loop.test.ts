import { setTimeout as delay } from 'node:timers/promises';
import { toInstant, toMs } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { configured, heartbeat } from './testing.js';
import { newMonitor, startStage, until } from './testing-stage.js';

const stageOf = async (onTestFinished: (stop: () => Promise<void>) => void) =>
  await startStage(await freshDatabase(inject('pgUrl')), onTestFinished);

describe.concurrent('heartbeats', () => {
  const beat = { type: 'heartbeat', intervalSeconds: 1, config: { graceSeconds: 0 } };

  it('that do not come are failed results, again each interval, until one comes', async ({
    onTestFinished,
  }) => {
    const { log, startReplica, recorder } = await stageOf(onTestFinished);
    const { publish, results } = recorder();
    startReplica({ publish });
    const part = newMonitor(beat);
    await log.publish(configured(part));
    await until(() => results().length === 2);
    const [first, second] = results();
    expect(first).toMatchObject({
      outcome: 'down',
      trigger: 'deadline',
      kind: 'heartbeat',
      slot: toInstant(toMs(part.enabledAt) + 1_000),
      error: { code: 'heartbeat_missed' },
    });
    expect(toMs(second?.slot ?? '') - toMs(first?.slot ?? '')).toBe(1_000);
    const slot = toInstant(Date.now() + 3_600_000);
    await log.publish(heartbeat({ monitorId: part.monitorId, slot }));
    await delay(1_300);
    expect(results().length).toBeLessThanOrEqual(3);
  });

  it('are not missed while the log holds one that is not folded yet', async ({ onTestFinished }) => {
    const { db, log, startReplica, recorder } = await stageOf(onTestFinished);
    const { publish, results } = recorder();
    const folding = startReplica({ publish });
    const part = newMonitor({ ...beat, intervalSeconds: 2 });
    await log.publish(configured(part));
    await until(async () => (await sql`select 1 from scheduler.schedule`.execute(db)).rows.length === 1);
    await folding.stop();
    startReplica({ publish, folds: false });
    await log.publish(heartbeat({ monitorId: part.monitorId, slot: toInstant(Date.now()) }));
    await delay(2_600);
    expect(results()).toEqual([]);
  });
});
