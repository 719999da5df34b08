import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { startFolding } from './folding.fixture.js';
import { build, subscriberProcess } from './process.fixture.js';
import { startWorld, status } from './world.fixture.js';

/** X1. `TOCSIN_OFFLINE_EVENTS=50000 npx vitest run src/offline.test.ts` is the whole of it, with figures. */
const EVENTS = Number(process.env.TOCSIN_OFFLINE_EVENTS ?? 5_000);
/** said in steps, as checks end: not as fast as it goes */
const STEP = 10;
const STEP_MS = 10;

const percentile = (sorted: readonly number[], p: number) => sorted[Math.floor((sorted.length - 1) * p)] ?? 0;
const sayHow = (what: string, lags: number[]) => {
  const sorted = lags.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, lag) => sum + lag, 0) / sorted.length;
  return `${what}: ${sorted.length} events, lag mean ${mean.toFixed(2)} p50 ${percentile(sorted, 0.5)} p95 ${percentile(sorted, 0.95)} p99 ${percentile(sorted, 0.99)} ms`;
};

test(`a subscriber that was away during ${EVENTS} events goes on without a gap or a repeat, and nobody inside waits for it`, async () => {
  await build();
  const world = await startWorld('sink:shop', false);
  onTestFinished(() => world.end());
  const folding = await startFolding(inject('pgUrl'), world.nats.url);
  onTestFinished(() => folding.stop());
  const said: string[] = [];

  /** Until `enough`, at the same pace whatever happens to the events. */
  async function sayUntil(enough: (count: number) => boolean): Promise<string[]> {
    const ids: string[] = [];
    const began = performance.now();
    while (!enough(ids.length)) {
      const now = new Date().toISOString();
      const events = Array.from({ length: STEP }, (_, i) =>
        status(said.length + ids.length + i + 1, 'shop', now),
      );
      await Promise.all(events.map((event) => world.say(event)));
      ids.push(...events.map(({ id }) => id));
      const due = began + (ids.length / STEP) * STEP_MS;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
    said.push(...ids);
    await vi.waitFor(() => expect(folding.lags.size).toBe(said.length), 30_000);
    return ids;
  }
  const lagsOf = (ids: readonly string[]) => ids.map((id) => folding.lags.get(id) ?? Number.NaN);
  const share = EVENTS / 5;
  const figures: string[] = [];

  // 1. Nobody subscribes: what the others are held against
  await sayUntil((count) => count >= share / 2);
  figures.push(sayHow('no subscriber', lagsOf(await sayUntil((count) => count >= share))));

  // 2. A subscriber hears something and goes away
  await world.provision();
  await world.copied();
  const heard: string[] = [];
  const options = world.as('sink', { durable: true });
  const first = await subscriberProcess(options, heard);
  const before = said.length;
  await sayUntil((count) => count >= 100);
  await vi.waitFor(() => expect(heard.length).toBe(100), 10_000);
  await first.stop();

  // 3. All the events
  figures.push(sayHow('subscriber away', lagsOf(await sayUntil((count) => count >= EVENTS))));
  await world.copied();

  // 4. It comes back while others are said
  const returned = performance.now();
  const second = await subscriberProcess(options, heard);
  const during = sayUntil((count) => count >= share);
  await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(100 + EVENTS), {
    timeout: 60_000,
    interval: 5,
  });
  const caughtUpMs = performance.now() - returned;
  figures.push(sayHow('subscriber catches up', lagsOf(await during)));
  await vi.waitFor(() => expect(heard.length).toBe(said.length - before), 10_000);
  await second.stop();
  figures.push(`${EVENTS} events caught up on in ${Math.round(caughtUpMs)} ms`);

  expect(heard).toEqual(said.slice(before));
  if (process.env.TOCSIN_OFFLINE_EVENTS !== undefined) console.log(figures.join('\n'));
}, 600_000);
