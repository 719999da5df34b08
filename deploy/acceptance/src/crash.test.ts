import { expect, it } from 'vitest';
import { runChaos } from './chaos.fixture.js';
import { dumpTables, rebuildEverything, standStill } from './rebuild.fixture.js';

const seed = Number(process.env.TOCSIN_CHAOS_SEED ?? Math.floor(Math.random() * 1e9));

it(`keeps every promise while services, NATS and Postgres are killed (seed ${seed})`, {
  timeout: 240_000,
}, async () => {
  const { report, product, stop } = await runChaos({ seed, monitors: 6, kills: 12, everyMs: 1_500 });
  try {
    const { outages } = report;
    expect(outages).toBeGreaterThan(0);
    expect(report).toMatchObject({
      raised: outages,
      resolved: outages,
      events: { AlertRaised: outages, AlertResolved: outages },
      notifications: { delivered: outages * 2 },
      distinct: outages * 2,
      doubleSlots: 0,
      deadLetters: 0,
      brokenChains: '',
    });
    // A repeat is only possible where a process died between the receiver's answer and our commit.
    const couldRepeat = (report.kills.notifier ?? 0) + (report.kills.postgres ?? 0);
    expect(report.received - report.distinct).toBeLessThanOrEqual(couldRepeat * 6);

    await standStill(product);
    const before = await dumpTables(product);
    const after = await rebuildEverything(product);
    expect(after).toEqual(before);
  } finally {
    await stop();
  }
});
