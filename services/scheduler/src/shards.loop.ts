import { shardLocks } from '@tocsin/database';
import type { EventLog } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { Bell } from './bell.js';
import { foldedUntil } from './checkpoint.store.js';
import type { DuePublisher } from './due.publisher.js';
import type { LogicalClock } from './logical-clock.js';
import { forgetFirstChecks, loadMark, moveMarks, saveFirstChecks } from './mark.store.js';
import { orAborted } from './or-aborted.js';
import { SCHEDULE_PROJECTION } from './schedule.projection.js';
import { activeSchedules, changesSince, changeVersion } from './schedule.store.js';
import type { Timetable } from './timetable.js';

export interface ShardsLoopOptions {
  /** holds the locks; the marks move on it */
  readonly connection: Kysely<unknown>;
  readonly log: Pick<EventLog, 'describe'>;
  readonly clock: LogicalClock;
  readonly timetable: Timetable;
  readonly publisher: DuePublisher;
  /** rung when schedules have changed */
  readonly changed: Bell;
  /** something may be due earlier than was known */
  readonly onPut: () => void;
  readonly onShards: (count: number) => void;
  readonly logger: Logger;
  /** marks move and shards are shared out this often, milliseconds */
  readonly upkeepMs: number;
}

/** A shard waits for its schedules to be folded up to now, unless nothing is folded for this long. */
const STANDSTILL_MS = 10_000;
const ASK_MS = 50;

/** A shard that is owned and whose schedules are not all there yet. */
interface Waiting {
  /** when it was folded up to `sequence` */
  readonly since: number;
  readonly sequence: number;
  readonly headSequence: number;
}

/** Owns shards, keeps their schedules as they are in the table, and moves their marks. */
export function createShardKeeper(options: ShardsLoopOptions) {
  const { connection, log, clock, timetable, publisher, logger } = options;
  const locks = shardLocks(connection, 'scheduler-clock');
  /** shards at work, with the version of the last change that is in the timetable */
  const seen = new Map<Shard, number>();
  const waiting = new Map<Shard, Waiting>();

  async function saveProgress(): Promise<void> {
    const takenUntil = timetable.takenUntilMs(clock.now());
    const marks = new Map<Shard, number>();
    for (const shard of seen.keys()) marks.set(shard, publisher.publishedUntilMs(shard, takenUntil));
    await moveMarks(connection, marks);
    const firsts = publisher.takeFirsts();
    try {
      await saveFirstChecks(connection, firsts);
    } catch (error) {
      publisher.giveBackFirsts(firsts);
      throw error;
    }
  }

  async function shareOut(signal: AbortSignal): Promise<void> {
    const { gained, lost } = await locks.rebalance();
    for (const shard of lost) {
      seen.delete(shard);
      waiting.delete(shard);
      timetable.dropShard(shard);
    }
    if (gained.length > 0) {
      const head = await orAborted(log.describe('CONFIG'), signal);
      if (head === undefined) return;
      for (const shard of gained)
        waiting.set(shard, { since: performance.now(), sequence: 0, headSequence: head.lastSequence });
    }
    if (gained.length + lost.length > 0)
      logger.info({ gained, lost, owned: locks.owned() }, 'shards of the clock shared out');
    options.onShards(locks.owned().length);
  }

  /** Nothing is published by a schedule that the log has a newer form of. */
  async function mayStart(shard: Shard): Promise<boolean> {
    const waited = waiting.get(shard);
    if (waited === undefined) return false;
    const { sequence, isRebuilding } = await foldedUntil(connection, SCHEDULE_PROJECTION, 'CONFIG', [shard]);
    if (isRebuilding) return false;
    if (sequence >= waited.headSequence) return true;
    if (sequence > waited.sequence) waiting.set(shard, { ...waited, sequence, since: performance.now() });
    if (sequence > waited.sequence || performance.now() - waited.since < STANDSTILL_MS) return false;
    logger.warn(
      { shard, foldedUntil: sequence, headSequence: waited.headSequence },
      'schedules are not folded up to now and none is folded, going on with what is known',
    );
    return true;
  }

  async function start(shard: Shard): Promise<void> {
    waiting.delete(shard);
    const markMs = await loadMark(connection, shard);
    clock.raise(markMs);
    await forgetFirstChecks(connection, shard);
    const version = await changeVersion(connection, shard);
    const schedules = await activeSchedules(connection, shard);
    const nowMs = clock.now();
    for (const { schedule, firstDoneAt } of schedules)
      timetable.put(schedule, nowMs, { markMs, firstDoneAt });
    seen.set(shard, version);
    options.onPut();
    logger.debug(
      { shard, schedules: schedules.length, behindMs: nowMs - markMs },
      'keeping time for a shard',
    );
  }

  async function takeChanges(): Promise<void> {
    if (seen.size === 0) return;
    const changes = await changesSince(connection, seen);
    const nowMs = clock.now();
    for (const { schedule, firstDoneAt, version } of changes) {
      // A monitor that comes back unchanged after a pause of its shard's owner is known by its first check.
      timetable.put(schedule, nowMs, { markMs: nowMs, firstDoneAt });
      seen.set(schedule.shard, version);
    }
    if (changes.length > 0) options.onPut();
  }

  return {
    saveProgress,
    async run(signal: AbortSignal): Promise<void> {
      for (let upkeptAt = Number.NEGATIVE_INFINITY; !signal.aborted; ) {
        if (performance.now() - upkeptAt >= options.upkeepMs) {
          await saveProgress();
          await shareOut(signal);
          upkeptAt = performance.now();
        }
        for (const shard of waiting.keys()) if (await mayStart(shard)) await start(shard);
        await takeChanges();
        const restMs = upkeptAt + options.upkeepMs - performance.now();
        await options.changed.wait(Math.max(0, waiting.size > 0 ? Math.min(ASK_MS, restMs) : restMs), signal);
      }
    },
  };
}
