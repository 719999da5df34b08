import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { verifyLive } from './verify-live.js';
import { startWorld, tellStory, type World } from './world.fixture.js';

let world: World;
beforeAll(async () => {
  world = await startWorld(inject('pgUrl'));
  await tellStory(world);
});
afterAll(async () => {
  await world.stop();
});

test('an honest log has no difference, and all of it is decided again', async () => {
  const verified = await verifyLive(world);
  expect(verified.differences).toEqual([]);
  expect(verified.notes).toEqual([]);
  const alerts = verified.streams.find(({ stream }) => stream === 'ALERTS');
  expect(alerts?.rows).toBeGreaterThan(15);
  expect(alerts?.messages).toBe(alerts?.rows);
  expect(verified.judgement).toMatchObject({
    reDecided: alerts?.rows,
    byEvidence: 0,
    notJudged: 0,
    undecided: 0,
  });
  expect(verified.results).toBe(60);
});
