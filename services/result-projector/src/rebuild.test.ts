import type { NewEvent } from '@tocsin/contracts';
import type { Instant } from '@tocsin/kernel';
import type { Outcome } from '@tocsin/monitoring';
import { freshDatabase } from '@tocsin/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { at, check, configured, idOf, jobConfigured, missed, monitorDeleted, run } from './events.fixture.js';
import { maintain } from './maintenance.loop.js';
import { startProjector, type TestProjector } from './projector.fixture.js';
import { rebuildResults } from './rebuild.js';

const retention = { resultsDays: 7, hourlyDays: 30, dailyDays: 90, historyDays: 90 };
let projector: TestProjector;
beforeEach(async () => {
  projector = await startProjector(await freshDatabase(inject('pgUrl')));
});
afterEach(() => projector.close());

const figures = () => maintain({ db: projector.db, retention, now: projector.now });
const rebuild = () =>
  rebuildResults({ db: projector.db, log: projector.log, now: projector.now, retentionDays: 7 });
const outbox = () => projector.rows('select id, position from results.outbox order by position');

/** Publishes in steps, each folded before the next: so CONFIG and RESULTS meet in the order of the steps. */
async function live(...steps: readonly NewEvent[][]): Promise<void> {
  for (const step of steps) {
    await projector.publish(...step);
    await projector.catchUp();
  }
}

const anyOutcome = fc.constantFrom<Outcome>('up', 'up', 'degraded', 'down', 'error');
const anyStep = (ids: readonly string[]) =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(fc.constantFrom(...ids), fc.nat(40), anyOutcome, fc.constantFrom('a', 'b')).map(
        ([id, n, outcome, location]) =>
          (): NewEvent =>
            check(id, at(n * 60), { outcome, location }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({ id: fc.constantFrom(...ids), enabled: fc.boolean(), since: fc.nat(40) }).map(
        ({ id, enabled, since }) =>
          (revision: number): NewEvent =>
            configured(id, revision, {
              enabled,
              enabledAt: at(since * 60),
              changedAt: at(since * 60),
              locations: ['a', 'b'],
            }),
      ),
    },
  );

describe('a rebuild', () => {
  it('gives the same tables to the byte and tells nobody', async () => {
    const [a, b, job] = [idOf(1), idOf(2), idOf(0x13)];
    await live(
      [configured(a, 1), configured(b, 1, { locations: ['x', 'y'] }), jobConfigured(job, 1)],
      [check(a, at(0)), check(b, at(0), { location: 'x' }), run(job, at(0))],
      [configured(a, 2, { enabled: false, changedAt: at(30) })],
      [check(a, at(60), { outcome: 'down' }), run(job, at(60), { status: 'failed' })],
      [configured(a, 3, { enabledAt: at(90), changedAt: at(90) }), check(a, at(120))],
      [check(b, at(60), { location: 'y', outcome: 'down' }), missed(b, at(180), at(300))],
      [monitorDeleted(b, 2), configured(a, 4, { enabled: false, changedAt: at(400) })],
      [check(b, at(120), { location: 'x', outcome: 'down' })],
    );
    await figures();
    const [before, told] = [await projector.dump(), await outbox()];
    expect(told.length).toBeGreaterThan(6);
    expect(await projector.rows('select distinct to_status from results.status_history')).toHaveLength(5);

    await rebuild();
    expect(await projector.rows('select 1 from results.status_history')).toEqual([]);
    // Told long ago: the outbox would not know it any more.
    await projector.rows('delete from results.outbox');
    await projector.catchUp();
    await figures();
    expect(await projector.dump()).toBe(before);
    expect(await outbox()).toEqual([]);
  });

  it('tells what it had not folded before once it is live again', async () => {
    const id = idOf(1);
    await live([configured(id, 1), check(id, at(0))]);
    const told = await outbox();
    await projector.publish(configured(id, 2, { enabled: false, changedAt: at(30) }));
    await rebuild();
    await projector.catchUp();
    await live([check(idOf(0x11), at(0))]);
    expect(
      await projector.rows(`select status from results.target_status where target_id = '${id}'`),
    ).toEqual([{ status: 'paused' }]);
    expect(await outbox()).toHaveLength(told.length + 2);
  });

  it('keeps what the log has forgotten', async () => {
    const [id, idle] = [idOf(1), idOf(2)];
    const day = (n: number): Instant => at(n * 86_400);
    await live([configured(id, 1), configured(idle, 1), check(id, day(0)), check(idle, day(0))]);
    await figures();
    projector.setNow(day(3));
    await live([check(id, day(3), { outcome: 'down' })]);
    await figures();
    const before = await projector.dump([
      'status_history',
      'monitor_hourly',
      'target_status',
      'monitor_results',
    ]);
    projector.forgetBefore(3);
    await rebuild();
    await projector.catchUp();
    await figures();
    const after = await projector.dump([
      'status_history',
      'monitor_hourly',
      'target_status',
      'monitor_results',
    ]);
    const without = (text: string) => text.split('\n').filter((line) => !line.includes('down'));
    expect(without(after)).toEqual(without(before));
  });

  it('gives the same tables whatever the history', async () => {
    const ids = [idOf(1), idOf(2), idOf(0x12)];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyStep(ids), { maxLength: 12 }), { maxLength: 6 }),
        async (steps) => {
          let revision = 0;
          await live(...steps.map((step) => step.map((make) => make(++revision))));
          await figures();
          const [before, told] = [await projector.dump(), await outbox()];
          await rebuild();
          await projector.catchUp();
          await figures();
          expect(await projector.dump()).toBe(before);
          expect(await outbox()).toEqual(told);
          await projector.restart();
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe('an event that comes again', () => {
  it('changes nothing of what others see, in whatever batches', async () => {
    const ids = [idOf(1), idOf(2)];
    const visible = [
      'monitor_results',
      'target_status',
      'status_history',
      'job_run',
      'missed_slot',
      'outbox',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep(ids), { minLength: 1, maxLength: 30 }),
        fc.nat(29),
        async (makes, from) => {
          const events = makes.map((make, n) => make(n + 1));
          await live(events);
          const before = await projector.dump(visible);
          // Published once more under other sequences, as after a log that lost its tail.
          for (const event of events.slice(from % events.length)) projector.publishAgain(event);
          await projector.catchUp();
          expect(await projector.dump(visible)).toBe(before);
          await projector.restart();
        },
      ),
      { numRuns: 6 },
    );
  });
});
