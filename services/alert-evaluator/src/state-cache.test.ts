import type { NewEvent } from '@tocsin/contracts';
import type { FoldContext, InputEvent } from '@tocsin/event-log';
import { ALL_SHARDS, derivedId, shardOf } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createFold } from './evaluator.projection.js';
import { openDatabase, startWorld } from './running.fixture.js';
import { checked, configured } from './world.fixture.js';

let db: Kysely<unknown>;
let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  db = await openDatabase((await freshDatabase(inject('pgUrl'))).url);
});
beforeEach(async () => {
  world = await startWorld(db);
});
afterAll(() => db.destroy());

const SHOP = derivedId('shop');
const alerts = async (columns = 'type, state') =>
  (await sql.raw(`select ${columns} from evaluator.alert order by raised_at, id`).execute(world.db)).rows;

describe('remembered states', () => {
  let sequence = 0;
  const input = (event: NewEvent, stream: 'CONFIG' | 'RESULTS') =>
    ({ ...event, stream, shard: shardOf(event.entityId), sequence: ++sequence }) as InputEvent;

  async function commit(fold: ReturnType<typeof createFold>, event: InputEvent, ending = 'commit') {
    const after: (() => void)[] = [];
    const context: Omit<FoldContext, 'tx'> = {
      shards: ALL_SHARDS,
      mode: 'live',
      position: () => sequence - 1,
      afterCommit: (run) => void after.push(run),
    };
    await world.db
      .transaction()
      .execute(async (tx) => {
        await fold([event], { tx, ...context });
        if (ending === 'roll back') throw new Error('rolled back');
      })
      .catch((error: Error) => {
        if (error.message !== 'rolled back') throw error;
      });
    if (ending === 'commit') for (const run of after) run();
  }

  async function failures(): Promise<number | undefined> {
    const { rows } = await sql<{ failures: number }>`
      select (state->'locations'->'local'->>'consecutiveFailures')::int as failures
      from evaluator.target_state where target_id = ${SHOP}`.execute(world.db);
    return rows[0]?.failures;
  }

  beforeEach(async () => {
    await sql`insert into evaluator.checkpoint (projection, stream, shard)
      select 'alert-evaluator', s, h from unnest(array['CONFIG', 'RESULTS']) s, unnest(${[...ALL_SHARDS]}::text[]) h`.execute(
      world.db,
    );
  });

  test('two replicas that take turns see what the other counted', async () => {
    const replicas = [createFold(() => {}), createFold(() => {})] as const;
    for (let second = 1; second <= 6; second += 1)
      await commit(replicas[second % 4 < 2 ? 0 : 1], input(checked(SHOP, second), 'RESULTS'));
    expect(await failures()).toBe(6);
  });

  test('a batch that was rolled back was not counted', async () => {
    const fold = createFold(() => {});
    await commit(fold, input(checked(SHOP, 1), 'RESULTS'));
    await commit(fold, input(checked(SHOP, 2), 'RESULTS'), 'roll back');
    await commit(fold, input(checked(SHOP, 3), 'RESULTS'));
    expect(await failures()).toBe(2);
  });

  test('a commit whose answer was lost was counted', async () => {
    const fold = createFold(() => {});
    await commit(fold, input(checked(SHOP, 1), 'RESULTS'));
    await commit(fold, input(checked(SHOP, 2), 'RESULTS'), 'answer lost');
    await commit(fold, input(checked(SHOP, 3), 'RESULTS'));
    expect(await failures()).toBe(3);
  });

  test('a policy edit is kept beside the counters', async () => {
    const fold = createFold(() => {});
    await commit(fold, input(checked(SHOP, 1), 'RESULTS'));
    await commit(fold, input(configured(SHOP, 1), 'CONFIG'));
    await commit(fold, input(configured(SHOP, 2, { name: 'renamed' }), 'CONFIG'));
    await commit(
      createFold(() => {}),
      input(checked(SHOP, 2), 'RESULTS'),
    );
    expect(await alerts('target_name, policy_revision')).toEqual([
      { target_name: 'renamed', policy_revision: 2 },
    ]);
  });
});
