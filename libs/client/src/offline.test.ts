import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { startFolding } from './folding.fixture.js';
import { build, subscriberProcess } from './process.fixture.js';
import { startWorld, status } from './world.fixture.js';

/** X1. `TOCSIN_OFFLINE_EVENTS=50000 npx vitest run src/offline.test.ts` is the whole of it, with figures. */
const EVENTS = Number(process.env.TOCSIN_OFFLINE_EVENTS ?? 5_000);
/** said in steps, as checks end; without figures, as fast as it goes */
const STEP = process.env.TOCSIN_OFFLINE_EVENTS === undefined ? 50 : 10;
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

test('a subscriber that is killed again and again misses nothing, hears in order, and only its last moments twice', async () => {
  await build();
  const world = await startWorld('sink:shop');
  onTestFinished(() => world.end());
  const ids = Array.from({ length: 1_500 }, (_, i) => status(i + 1).id);
  const heard: string[] = [];
  const options = world.as('sink', { durable: true, from: 'start' });
  const saying = (async () => {
    for (let n = 1; n <= ids.length; n += 1) await world.say(status(n));
  })();
  for (let round = 0; round < 3; round += 1) {
    const before = heard.length;
    const subscriber = await subscriberProcess(options, heard);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before + 100), {
      timeout: 10_000,
      interval: 1,
    });
    await subscriber.kill();
  }
  const last = await subscriberProcess(options, heard);
  await saying;
  await vi.waitFor(() => expect(heard.at(-1)).toBe(ids.at(-1)), 20_000);
  await last.stop();
  // Without the repeats it is what was said: whoever de-duplicates on the id has it exactly
  expect([...new Set(heard)]).toEqual(ids);
  const steps = heard.slice(1).map((id, i) => ids.indexOf(id) - ids.indexOf(heard[i] ?? ''));
  expect(steps.filter((step) => step > 1)).toEqual([]);
  expect(steps.filter((step) => step < 1).length).toBeLessThanOrEqual(3);
}, 60_000);
