import { expect, it } from 'vitest';
import { runChaos } from './chaos.fixture.js';
import { verifyLog } from './cli.fixture.js';
import { brokenPromises } from './promises.js';
import { dumpTables, rebuildEverything, replayBeside, standStill } from './rebuild.fixture.js';

const seed = Number(process.env.TOCSIN_CHAOS_SEED ?? Math.floor(Math.random() * 1e9));

it(`keeps every promise while services, NATS and Postgres are killed (seed ${seed})`, {
  timeout: 240_000,
}, async () => {
  const { report, product, stop } = await runChaos({ seed, monitors: 6, kills: 10, everyMs: 1_500 });
  try {
    expect(brokenPromises(report)).toEqual([]);
    await standStill(product);
    const before = await dumpTables(product);
    expect(await verifyLog(product)).toEqual([]);
    expect(await replayBeside(product)).toEqual([]);
    expect(await rebuildEverything(product)).toEqual(before);
  } finally {
    await stop();
  }
});
