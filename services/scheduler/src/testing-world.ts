import type { NewEvent } from '@tocsin/contracts';
import { type Instant, type Shard, toMs } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { createDuePublisher } from './due.publisher.js';
import { evolveSchedule } from './evolve-schedule.js';
import { createLogicalClock } from './logical-clock.js';
import type { MonitorSchedule } from './schedule.js';
import { schedulerMetrics } from './scheduler.metrics.js';
import { configured, logged, T0 } from './testing.js';
import { createTimetable } from './timetable.js';

export const MONITORS = [
  { monitorId: '019a3c5e-0000-7000-8000-000000000001', intervalSeconds: 1 },
  { monitorId: '019a3c5e-0000-7000-8000-000000000002', intervalSeconds: 7 },
  { monitorId: '019a3c5e-0000-7000-8000-000000000012', intervalSeconds: 60 },
] as const;
const logger = createLogger({ name: 'simulation', level: 'silent' });
const metrics = schedulerMetrics(createMetrics('simulation'));
export const start = toMs(T0);

export type Step =
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
export function createWorld() {
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
