import { derivedId } from '@tocsin/kernel';
import type { World } from './world.fixture.js';

/** Five monitors for some minutes: two of them fail and come back, one is acknowledged, one is edited and paused. */
export async function tellStory(world: World, rounds = 12): Promise<string[]> {
  const ids = Array.from({ length: 5 }, (_, n) => derivedId('monitor', String(n)));
  for (const [n, id] of ids.entries()) await world.configure(id, 1, n, { failureThreshold: 1 + (n % 3) });
  for (let round = 1; round <= rounds; round += 1) {
    for (const [n, id] of ids.entries()) {
      const isDown = n < 3 && round % 6 > 1 && round % 6 < 5;
      await world.check(id, round * 60 + n, n === 4 && round % 5 === 0 ? 'error' : isDown ? 'down' : 'up');
    }
    if (round === 4) await world.acknowledge(ids[0] ?? '', round * 60 + 30);
    if (round === 5) await world.configure(ids[3] ?? '', 2, round * 60 + 31, { customMessage: 'call ada' });
    if (round === 9) await world.configure(ids[1] ?? '', 2, round * 60 + 32, {}, false);
  }
  return ids;
}
