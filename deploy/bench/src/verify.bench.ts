import type { Bench } from './bench.js';
import { verifying } from './replay-verify.js';
import { historyFromEnv } from './world/history.js';
import { startStack } from './world/stack.process.js';

export const run: Bench['run'] = async (say) => {
  const stack = await startStack({ syncInterval: 'default' });
  const row = await verifying(stack, historyFromEnv(), say);
  await stack.stop();
  return [row];
};
