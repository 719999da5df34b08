import { setTimeout as delay } from 'node:timers/promises';

export { delay };

/** Asks again until there is an answer. @throws when there is none in time */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { everyMs = 50, withinMs = 60_000 }: { everyMs?: number; withinMs?: number } = {},
): Promise<T> {
  for (const deadline = performance.now() + withinMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1_000} s`);
    await delay(everyMs);
  }
}

/** Runs `work(0)`, `work(1)` … with so many at once. */
export async function inParallel(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
}
