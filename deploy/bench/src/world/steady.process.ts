import { position } from './checkpoint.store.js';
import type { Stack } from './stack.process.js';
import { streamsOf } from './streams.nats.js';
import { type Reading, startMeter } from './usage.process.js';
import { delay } from './wait.js';

export interface Steady {
  readonly usage: Reading;
  /** results that reached the log */
  readonly results: number;
  /** results that were projected and evaluated: the smaller of the two */
  readonly folded: number;
  readonly perSecond: number;
  /** results in the log that were not folded yet, at the end */
  readonly behind: number;
}

/** Watches a product at work for a while: nothing is asked of it in between. */
export async function watch(stack: Stack, seconds: number): Promise<Steady> {
  const streams = await streamsOf(stack);
  const folded = async () =>
    Math.min(
      await position(stack.sql, 'results', 'RESULTS'),
      await position(stack.sql, 'evaluator', 'RESULTS'),
    );
  const [firstResult, firstFolded] = [await streams.last('RESULTS'), await folded()];
  const read = startMeter(stack.pids());
  await delay(seconds * 1_000);
  const usage = read();
  const [lastResult, lastFolded] = [await streams.last('RESULTS'), await folded()];
  return {
    usage,
    results: lastResult - firstResult,
    folded: lastFolded - firstFolded,
    // What was made and not folded was not sustained.
    perSecond: Math.min(lastResult - firstResult, lastFolded - firstFolded) / usage.seconds,
    behind: lastResult - lastFolded,
  };
}
