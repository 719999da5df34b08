import type { NewEvent } from '@tocsin/contracts';
import { type Instant, type Shard, shardOf, toInstant, toMs } from '@tocsin/kernel';
import { slots } from '@tocsin/monitoring';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDuePublisher } from './due.publisher.js';
import { evolveSchedule } from './evolve-schedule.js';
import { createLogicalClock } from './logical-clock.js';
import type { MonitorSchedule } from './schedule.js';
import { schedulerMetrics } from './scheduler.metrics.js';
import { configured, logged, T0 } from './testing.js';
import { createTimetable } from './timetable.js';

const MONITORS = [
  { monitorId: '019a3c5e-0000-7000-8000-000000000001', intervalSeconds: 1 },
  { monitorId: '019a3c5e-0000-7000-8000-000000000002', intervalSeconds: 7 },
  { monitorId: '019a3c5e-0000-7000-8000-000000000012', intervalSeconds: 60 },
] as const;
const logger = createLogger({ name: 'simulation', level: 'silent' });
const metrics = schedulerMetrics(createMetrics('simulation'));
const start = toMs(T0);

type Step =
  | { readonly type: 'pass' | 'jump' | 'crash' | 'stop'; readonly ms: number }
  | { readonly type: 'save' | 'stall' | 'flow' }
  | { readonly type: 'edit'; readonly monitor: number; readonly intervalSeconds: number };

/** A span during which a monitor had one interval, as the scheduler saw it. */
interface Regime {
  readonly monitorId: string;
  readonly intervalSeconds: number;
  readonly fromMs: number;
  untilMs: number;
}

/** The real pieces of the clock around a log and tables that are held in memory, and time that is moved by hand. */
function createWorld() {
  let [wall, monotonic] = [start, 0];
  const schedules = new Map<string, MonitorSchedule>();
  const marks = new Map<Shard, number>();
  const firstDone = new Map<string, Instant>();
  const attempts: string[] = [];
  const stored = new Map<string, NewEvent>();
  const regimes: Regime[] = [];
  let stalled: (() => void)[] | undefined;
  let revision = 1;
  let latestMs = start;
  let process = boot();

  for (const part of MONITORS) {
    const schedule = evolveSchedule(undefined, logged(configured(part)));
    if (schedule === undefined) throw new Error('not configured');
    schedules.set(part.monitorId, schedule);
    marks.set(schedule.shard, start);
    regimes.push({ ...part, fromMs: start, untilMs: Number.POSITIVE_INFINITY });
  }
  load();

  function boot() {
    const lost = new AbortController();
    const clock = createLogicalClock({ wallMs: () => wall, monotonicMs: () => monotonic });
    const publish = async (event: NewEvent) => {
      if (stalled !== undefined) await new Promise<void>((resolve) => stalled?.push(resolve));
      lost.signal.throwIfAborted();
      attempts.push(event.id);
      stored.set(event.id, event);
      return { sequence: attempts.length, duplicate: false };
    };
    const publisher = createDuePublisher({
      log: { publish },
      now: clock.now,
      logger,
      metrics,
      signal: lost.signal,
      onRoom: () => undefined,
      limit: 4,
    });
    return { clock, publisher, timetable: createTimetable(), lost };
  }

  function load(): void {
    for (const mark of marks.values()) process.clock.raise(mark);
    for (const schedule of schedules.values())
      process.timetable.put(schedule, process.clock.now(), {
        markMs: marks.get(schedule.shard) ?? start,
        firstDoneAt: firstDone.get(schedule.monitorId),
      });
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  }

  async function tick(): Promise<void> {
    const now = process.clock.now();
    latestMs = Math.max(latestMs, now);
    for (;;) {
      const room = process.publisher.room();
      const taken = room === 0 ? [] : process.timetable.takeChecks(now, room);
      for (const one of taken) void process.publisher.publish(one);
      await settle();
      if (taken.length === 0) return;
    }
  }

  function save(): void {
    const until = process.timetable.takenUntilMs(process.clock.now());
    for (const [shard, mark] of marks)
      marks.set(shard, Math.max(mark, process.publisher.publishedUntilMs(shard, until)));
    for (const { monitorId, slot } of process.publisher.takeFirsts()) firstDone.set(monitorId, slot);
  }

  async function flow(): Promise<void> {
    const waiting = stalled ?? [];
    stalled = undefined;
    for (const resume of waiting) resume();
    await settle();
  }

  async function restart(downMs: number): Promise<void> {
    process.lost.abort(new Error('gone'));
    await flow();
    wall += downMs;
    monotonic += downMs;
    process = boot();
    load();
    await tick();
  }

  return {
    attempts,
    stored,
    regimes,
    async run(step: Step): Promise<void> {
      switch (step.type) {
        case 'pass':
          wall += step.ms;
          monotonic += step.ms;
          return await tick();
        case 'jump':
          wall += step.ms;
          return await tick();
        case 'save':
          return save();
        case 'stall':
          stalled ??= [];
          return;
        case 'flow':
          await flow();
          return await tick();
        case 'crash':
          return await restart(step.ms);
        case 'stop':
          await flow();
          await tick();
          save();
          return await restart(step.ms);
        case 'edit': {
          await flow();
          await tick();
          const { monitorId } = MONITORS[step.monitor % MONITORS.length] ?? MONITORS[0];
          revision += 1;
          const edit = configured({ monitorId, revision, intervalSeconds: step.intervalSeconds });
          const schedule = evolveSchedule(schedules.get(monitorId), logged(edit));
          if (schedule === undefined) return;
          schedules.set(monitorId, schedule);
          const now = process.clock.now();
          const before = regimes.findLast((regime) => regime.monitorId === monitorId);
          if (before !== undefined) before.untilMs = now;
          regimes.push({ monitorId, intervalSeconds: step.intervalSeconds, fromMs: now, untilMs: Infinity });
          process.timetable.put(schedule, now, { markMs: now, firstDoneAt: firstDone.get(monitorId) });
        }
      }
    },
    async end() {
      await flow();
      await tick();
      return { nowMs: process.clock.now(), latestMs };
    },
  };
}

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
