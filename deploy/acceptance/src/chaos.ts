import { parseArgs } from 'node:util';
import { runChaos } from './chaos.fixture.js';
import { verifyLog } from './cli.fixture.js';
import { brokenPromises } from './promises.js';
import { dumpTables, rebuildEverything, replayBeside, standStill } from './rebuild.fixture.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    kills: { type: 'string', default: '200' },
    monitors: { type: 'string', default: '100' },
    'every-ms': { type: 'string', default: '3000' },
  },
});
const options = {
  seed: Number(values.seed),
  kills: Number(values.kills),
  monitors: Number(values.monitors),
  everyMs: Number(values['every-ms']),
};
console.log(`chaos with seed ${options.seed}: ${options.kills} kills among ${options.monitors} monitors`);
console.log(
  `again: npm run test:chaos -- --seed ${options.seed} --kills ${options.kills} --monitors ${options.monitors} --every-ms ${options.everyMs}`,
);
const startedAt = performance.now();
const { report, product, stop } = await runChaos(options);
try {
  const broken = brokenPromises(report);
  console.log(JSON.stringify(report, null, 2));
  await standStill(product);
  const before = await dumpTables(product);
  const different = await verifyLog(product);
  console.log(`every alert decided again: ${different.length === 0 ? 'the same' : 'NOT THE SAME'}`);
  for (const difference of different) broken.push(`verify: ${difference}`);
  const differing = await replayBeside(product);
  console.log(`replay beside the live tables: ${differing.length === 0 ? 'equal' : 'NOT EQUAL'}`);
  for (const difference of differing) broken.push(`the replay differs: ${difference}`);
  const after = await rebuildEverything(product);
  for (const [table, rows] of Object.entries(before)) {
    const equal = JSON.stringify(rows) === JSON.stringify(after[table]);
    console.log(`rebuild of ${table}: ${rows.length} rows, ${equal ? 'equal' : 'NOT EQUAL'}`);
    if (!equal) broken.push(`the rebuild of ${table} differs`);
  }
  for (const promise of broken) console.error(`broken: ${promise}`);
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  console.log(
    broken.length === 0 ? `every promise kept (${minutes} min)` : `${broken.length} promises broken`,
  );
  process.exitCode = broken.length === 0 ? 0 : 1;
} finally {
  await stop();
}
