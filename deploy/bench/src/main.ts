import { benches } from './benches.js';
import { commit, keep, machine, type Outcome } from './results.store.js';
import { table } from './table.js';
import { stopEverything } from './world/cleanup.js';

const asked = process.argv.slice(2).map((word) => word.toLowerCase());
const unknown = asked.filter((word) => !benches.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are: ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopEverything().finally(() => process.exit(130)));

const outcomes: Outcome[] = [];
for (const bench of benches.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const say = (line: string) => console.error(`${bench.name}: ${line}`);
  console.error(`\n${bench.name}: ${bench.title}`);
  const startedAt = performance.now();
  const about = { bench: bench.name, ranAt: new Date().toISOString(), commit: commit(), machine: machine() };
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  try {
    outcomes.push({ ...about, measurements: await bench.run(say), seconds: seconds() });
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(`failed: ${failure}`);
    outcomes.push({ ...about, failure, measurements: [], seconds: seconds() });
  } finally {
    await stopEverything();
  }
}

const written = keep(outcomes);
const rows = outcomes.flatMap(({ bench, measurements }) =>
  measurements.map((measurement) => ({ bench, measurement })),
);
console.log(`\n${table(rows)}\n`);
for (const { bench, measurement } of rows)
  if (measurement.note !== undefined) console.log(`${bench}  ${measurement.what}: ${measurement.note}`);
for (const { bench, failure } of outcomes)
  if (failure !== undefined) console.log(`${bench}  FAILED: ${failure.split('\n')[0] ?? ''}`);
console.log(`\nwritten to ${written}`);
process.exit(outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0);
