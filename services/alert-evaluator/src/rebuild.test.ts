import type { NewEvent } from '@tocsin/contracts';
import { derivedId } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { rebuild } from './rebuild.command.js';
import { finishShards } from './rebuild.loop.js';
import { dump, openDatabase, startWorld } from './running.fixture.js';
import {
  acknowledged,
  at,
  checked,
  configured,
  deleted,
  jobConfigured,
  ran,
  watching,
} from './world.fixture.js';

let db: Kysely<unknown>;
let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  db = await openDatabase((await freshDatabase(inject('pgUrl'))).url);
});
beforeEach(async () => {
  world = await startWorld(db);
});
afterAll(() => db.destroy());

const MONITORS = Array.from({ length: 20 }, (_, i) => derivedId('monitor', String(i)));
const JOB = derivedId('job');
const [QUIET, SHOP, SHED, GONE] = MONITORS as [string, string, string, string];

const publish = async (...events: NewEvent[]) => {
  for (const event of events) await world.log.publish(event);
};
const finish = () => finishShards({ db: world.db, report: world.report });
const emptied = async () => (await dump(world.db)).alert?.length === 0;

async function openAlertOf(targetId: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from evaluator.alert where target_id = ${targetId} and state = 'open'`.execute(world.db);
  return rows[0]?.id ?? '';
}

describe('a rebuild', () => {
  test('gives byte-equal tables after edits, acknowledgements, flips and ends, and appends nothing', async () => {
    await publish(...MONITORS.map((id) => configured(id, 1)), jobConfigured(JOB, 1));
    await world.catchUp(async () => {
      for (let second = 1; second <= 12; second += 1) {
        for (const [i, id] of MONITORS.entries())
          if (id !== QUIET)
            await publish(checked(id, second, { outcome: (second + i) % 4 < 2 ? 'down' : 'up' }));
        await publish(ran(JOB, second, second % 3 === 0 ? 'passed' : 'failed'));
        if (second === 3) await world.folded();
        if (second === 3)
          for (const id of MONITORS) await publish(acknowledged(id, await openAlertOf(id), second));
        if (second === 5) await publish(configured(SHOP, 2, { enabled: false, changedAt: at(5) }));
        if (second === 6)
          await publish(
            configured(SHED, 2, { alertConfig: { ...watching, failureThreshold: 2 }, changedAt: at(6) }),
          );
        if (second === 7) await publish(configured(SHOP, 3, { changedAt: at(7) }));
        if (second === 8) await publish(deleted(GONE, 2, at(8)), jobConfigured(JOB, 2));
        await world.folded();
      }
      await publish(configured(QUIET, 2, { name: 'renamed after everything', changedAt: at(20) }));
    });
    const before = await dump(world.db);
    expect(before.alert?.length).toBeGreaterThan(50);
    await rebuild(world.db, world.log);
    expect(await emptied()).toBe(true);
    await world.catchUp();
    expect(await finish()).toBe(true);
    expect(await dump(world.db)).toEqual(before);
    await publish(checked(SHOP, 30), checked(SHOP, 31, { outcome: 'up' }));
    await world.catchUp();
    expect((await dump(world.db)).event?.length).toBeGreaterThan(before.event?.length ?? 0);
  });

  test('is byte-equal for any history', { timeout: 60_000 }, async () => {
    const step = fc.record({
      monitor: fc.integer({ min: 0, max: 3 }),
      what: fc.constantFrom('up', 'down', 'down', 'error', 'edit', 'pause', 'delete', 'ack', 'fold'),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        run += 1;
        const ids = [0, 1, 2, 3].map((i) => derivedId('any', String(run), String(i)));
        let revision = 1;
        await publish(...ids.map((id) => configured(id, 1)));
        await world.catchUp(async () => {
          for (const [second, { monitor, what }] of steps.entries()) {
            const id = ids[monitor] ?? '';
            const changedAt = at(second);
            if (what === 'up' || what === 'down' || what === 'error')
              await publish(checked(id, second, { outcome: what }));
            else if (what === 'fold') await world.folded();
            else if (what === 'ack') await publish(acknowledged(id, await openAlertOf(id), second));
            else if (what === 'delete') await publish(deleted(id, ++revision, changedAt));
            else await publish(configured(id, ++revision, { enabled: what === 'edit', changedAt }));
          }
        });
        const before = await dump(world.db);
        await rebuild(world.db, world.log);
        await world.catchUp();
        await finish();
        expect(await dump(world.db)).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });

  test('keeps alerts whose results the log no longer holds', async () => {
    await publish(configured(SHOP, 1), checked(SHOP, 1), checked(SHOP, 2, { outcome: 'up' }));
    await world.catchUp();
    const { alert, event } = await dump(world.db);
    world.log.recreate('RESULTS');
    await publish(checked(SHED, 5));
    await rebuild(world.db, world.log);
    await world.catchUp();
    await finish();
    expect(await dump(world.db)).toMatchObject({ alert, event });
  });

  test('puts off what people decide meanwhile, and then decides it', async () => {
    await publish(configured(SHOP, 1), checked(SHOP, 1));
    await world.catchUp();
    await rebuild(world.db, world.log);
    // As if the service had been killed after it had read the configuration and before it counted a result
    await sql`update evaluator.checkpoint set seq = rebuild_until where stream = 'CONFIG'`.execute(world.db);
    await publish(configured(SHOP, 2, { enabled: false, changedAt: at(2) }));
    await world.catchUp();
    await finish();
    const { rows } = await sql`
      select state, resolved_reason from evaluator.alert where target_id = ${SHOP}`.execute(world.db);
    expect(rows).toEqual([{ state: 'resolved', resolved_reason: 'paused' }]);
    const { rows: policies } = await sql`
      select data::json->>'position' as position from evaluator.event where type = 'PolicyChanged'
      order by chain, event.position`.execute(world.db);
    expect(policies).toEqual([{ position: '0' }, { position: '1' }]);
  });

  test('says how many decisions the rules of today would make otherwise, and keeps those of then', async () => {
    await publish(configured(SHOP, 1), checked(SHOP, 1));
    await world.catchUp();
    await sql`update evaluator.event set data = replace(data, '"position":1', '"position":2') where type = 'AlertRaised'`.execute(
      world.db,
    );
    await publish(checked(SHOP, 2));
    await rebuild(world.db, world.log);
    await world.catchUp();
    await finish();
    const { values } = await world.metrics.registry.getSingleMetric('tocsin_replay_differences_total')!.get();
    expect(values[0]?.value).toBe(2);
    expect((await dump(world.db)).alert).toHaveLength(1);
  });
});
