import type { Bench, Measurement } from './bench.js';
import { publishing } from './event-log/publish.js';
import { reading } from './event-log/read.js';
import { relaying } from './event-log/relay.js';
import { type History, resultAt } from './world/history.js';
import { publishAll } from './world/publish.nats.js';
import { startStack } from './world/stack.process.js';
import { streamsOf } from './world/streams.nats.js';

const READ = Number(process.env.BENCH_RESULTS ?? 100_000);
const RELAYED = 20_000;

export const run: Bench['run'] = async (say) => {
  const history: History = { monitors: 5_000, results: READ, endMs: Date.now() };
  const rows: Measurement[] = [];

  const always = await startStack({ syncInterval: 'always' });
  say('publishing, sync always');
  rows.push(...(await publishing(always, history, 'always', { alone: 1_000, together: 10_000 })));
  await always.stop();

  const stack = await startStack({ syncInterval: 'default' });
  say('publishing, sync default');
  const published = await publishing(stack, history, 'default', { alone: 3_000, together: 30_000 });
  rows.push(...published);
  // What is read is filled up to its size with results that were not published yet.
  const { held } = await streamsOf(stack);
  const have = await held('RESULTS');
  await publishAll(stack.connection, Math.max(0, READ - have), (n) => resultAt(history, have + n));
  say('reading and folding');
  rows.push(...(await reading(stack, Math.max(READ, have))));
  say('appending and relaying');
  const barePublish = published.at(-1)?.peer?.measured ?? Number.NaN;
  rows.push(...(await relaying(stack, RELAYED, barePublish)));
  await stack.stop();
  return rows;
};
