import type { Bench } from './bench.js';
import { rebuilding } from './replay-rebuild.js';
import { historyFromEnv } from './world/history.js';
import { startStack } from './world/stack.process.js';

export const run: Bench['run'] = async (say) => {
  const stack = await startStack({ syncInterval: 'default' });
  const rows = await rebuilding(stack, historyFromEnv(), say);
  await stack.stop();
  return rows;
};
