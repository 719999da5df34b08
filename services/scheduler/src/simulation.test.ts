import { shardOf, toInstant, toMs } from '@tocsin/kernel';
import { slots } from '@tocsin/monitoring';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { T0 } from './testing.js';
import { createWorld, MONITORS, type Step, start } from './testing-world.js';

type World = ReturnType<typeof createWorld>;

/** Every slot that should have been, and what became of it. */
function accounts(world: World, { nowMs, latestMs }: Awaited<ReturnType<World['end']>>) {
  const due = new Set<string>();
  const missed: { readonly monitorId: string; readonly from: number; readonly to: number }[] = [];
  let missedCount = 0;
  for (const event of world.stored.values()) {
    if (event.type === 'CheckDue') due.add(`${event.data.monitorId} ${event.data.slot}`);
    if (event.type !== 'CheckMissed') continue;
    missedCount += event.data.count;
    missed.push({
      monitorId: event.data.monitorId,
      from: toMs(event.data.firstSlot),
      to: toMs(event.data.lastSlot),
    });
  }
  const slotsUntil = (endMs: number) => {
    const found = new Set(MONITORS.map(({ monitorId }) => `${monitorId} ${T0}`));
    for (const { monitorId, intervalSeconds, fromMs, untilMs } of world.regimes)
      for (const slot of slots({ id: monitorId, intervalSeconds }, fromMs, Math.min(endMs, untilMs)))
        found.add(`${monitorId} ${toInstant(slot)}`);
    return found;
  };
  const expected = slotsUntil(nowMs);
  // A killed scheduler whose time ran ahead of the wall may have published more than the next one has come to.
  const possible = slotsUntil(latestMs);
  const lost = [...expected].filter((slot) => {
    const [monitorId = '', at = ''] = slot.split(' ');
    return (
      !due.has(slot) &&
      !missed.some((one) => one.monitorId === monitorId && one.from <= toMs(at) && toMs(at) <= one.to)
    );
  });
  const strange = [...due].filter((slot) => !possible.has(slot));
  return { due, expected, lost, strange, missedCount };
}

const ms = (max: number) => fc.integer({ min: 0, max });
const anyPass: fc.Arbitrary<Step> = fc.record({ type: fc.constant('pass' as const), ms: ms(5_000) });
const calm: fc.Arbitrary<Step>[] = [
  anyPass,
  anyPass,
  anyPass,
  fc.record({ type: fc.constant('jump' as const), ms: fc.integer({ min: -7_200_000, max: 120_000 }) }),
  fc.record({ type: fc.constantFrom('save' as const, 'stall' as const) }),
  fc.record({ type: fc.constantFrom('save' as const, 'stall' as const, 'flow' as const) }),
  fc.record({ type: fc.constant('stop' as const), ms: ms(60_000) }),
];
const edits: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('edit' as const),
  monitor: fc.nat(2),
  intervalSeconds: fc.integer({ min: 1, max: 90 }),
});
const crashes: fc.Arbitrary<Step> = fc.record({ type: fc.constant('crash' as const), ms: ms(60_000) });

/** Long ones: what goes wrong takes a save, a stall, some time, another save and a crash, in this order. */
const storyOf = (...steps: fc.Arbitrary<Step>[]) =>
  fc.array(fc.oneof(...steps), { minLength: 5, maxLength: 60, size: 'max' });

async function play(steps: readonly Step[]) {
  const world = createWorld();
  for (const step of steps) await world.run(step);
  return { world, ...accounts(world, await world.end()) };
}

describe('a scheduler among stops, crashes, stalls and wrong clocks', () => {
  it('deals with every slot exactly once when it is stopped and started, the clock jumps, the log stalls and intervals are edited', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(...calm, edits), async (steps) => {
        const { world, due, expected, lost, strange, missedCount } = await play(steps);
        expect(lost).toEqual([]);
        expect(strange).toEqual([]);
        expect(new Set(world.attempts).size).toBe(world.attempts.length);
        expect(due.size + missedCount).toBe(expected.size);
      }),
      { numRuns: 300 },
    );
  });

  it('loses no slot when it is killed at any moment, and what it repeats has the same id', async () => {
    await fc.assert(
      fc.asyncProperty(storyOf(...calm, crashes), async (steps) => {
        const { lost, strange } = await play(steps);
        expect(lost).toEqual([]);
        expect(strange).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('publishes again what was on its way when it was killed', async () => {
    const { lost } = await play([
      { type: 'pass', ms: 3_000 },
      { type: 'save' },
      { type: 'stall' },
      { type: 'pass', ms: 5_000 },
      { type: 'save' },
      { type: 'crash', ms: 0 },
    ]);
    expect(lost).toEqual([]);
  });

  it('runs at most one check of each monitor after an hour of downtime', async () => {
    const { world } = await play([
      { type: 'pass', ms: 120_000 },
      { type: 'stop', ms: 3_600_000 },
    ]);
    const late = [...world.stored.values()].filter(
      (event) => event.type === 'CheckDue' && toMs(event.data.slot) > start + 120_000,
    );
    expect(late).toHaveLength(MONITORS.length);
    expect(new Set(late.map(({ entityId }) => shardOf(entityId))).size).toBe(2);
  });

  it('keeps checking when the clock goes back two hours', async () => {
    const { world } = await play([
      { type: 'pass', ms: 60_000 },
      { type: 'jump', ms: -7_200_000 },
      ...Array.from({ length: 20 }, (): Step => ({ type: 'pass', ms: 1_000 })),
    ]);
    const every = [...world.stored.values()].filter(
      (event) => event.type === 'CheckDue' && toMs(event.data.slot) > start + 60_000,
    );
    expect(every.filter(({ entityId }) => entityId === MONITORS[0].monitorId)).toHaveLength(18);
  });
});
