import { derivedId } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startWorld } from './running.fixture.js';
import { checked, configured } from './world.fixture.js';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  world = await startWorld((await freshDatabase(inject('pgUrl'))).url);
});
afterAll(() => world.close());

test('a monitor that fails has an open alert, one that recovers a resolved one', async () => {
  const [failing, recovering] = [derivedId('a'), derivedId('b')];
  for (const id of [failing, recovering]) await world.log.publish(configured(id, 1));
  await world.log.publish(checked(failing, 1));
  await world.log.publish(checked(recovering, 1));
  await world.log.publish(checked(recovering, 2, { outcome: 'up' }));
  await world.catchUp();
  const { rows } = await sql<{ target_id: string; state: string }>`
    select target_id, state from evaluator.alert order by state`.execute(world.db);
  expect(rows).toEqual([
    { target_id: failing, state: 'open' },
    { target_id: recovering, state: 'resolved' },
  ]);
});
