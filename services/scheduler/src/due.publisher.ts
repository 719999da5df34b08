import type { NewEvent } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import { type Instant, PermanentError, type Shard, toInstant, toMs } from '@tocsin/kernel';
import { type Logger, startSpan } from '@tocsin/service-kit';
import { dueEvents } from './due-events.js';
import type { SchedulerMetrics } from './scheduler.metrics.js';
import type { Taken } from './timetable.js';

export interface FirstCheck {
  readonly monitorId: string;
  readonly slot: Instant;
}

export interface PublisherOptions {
  readonly log: Pick<EventLog, 'publish'>;
  readonly now: () => number;
  readonly logger: Logger;
  readonly metrics: SchedulerMetrics;
  readonly signal: AbortSignal;
  /** there is room again */
  readonly onRoom: () => void;
  /** events on their way at once */
  readonly limit?: number;
}

/** Enough to fill the log's pipe; what waits beyond it is planned anew when its turn comes. */
const LIMIT = 256;

export type DuePublisher = ReturnType<typeof createDuePublisher>;

/** Publishes side by side and knows what is not in the log yet: the mark must not pass that. */
export function createDuePublisher(options: PublisherOptions) {
  const { log, now, logger, metrics, signal, onRoom, limit = LIMIT } = options;
  const unpublished = new Set<{ readonly shard: Shard; readonly fromMs: number }>();
  let inFlight = 0;
  let firsts: FirstCheck[] = [];
  let onIdle: (() => void) | undefined;

  async function publishOne(event: NewEvent): Promise<void> {
    const span = startSpan('due', { attributes: { monitorId: event.entityId } });
    try {
      await log.publish(
        span.traceparent === undefined ? event : { ...event, traceparent: span.traceparent },
        { signal },
      );
      span.end();
      const slot = event.type === 'CheckDue' ? toMs(event.data.slot) : now();
      metrics.published(event, (now() - slot) / 1_000);
    } catch (error) {
      span.end(error);
      if (!(error instanceof PermanentError)) throw error;
      metrics.refused();
      logger.error(
        { err: error, monitorId: event.entityId, type: event.type },
        'the log refuses an event for good, its slot is lost',
      );
    }
  }

  /** @returns whether all of them are in the log, or will never be */
  async function publishAll(events: readonly NewEvent[]): Promise<boolean> {
    inFlight += events.length;
    const outcomes = await Promise.all(
      events.map(async (event) => {
        try {
          await publishOne(event);
          return true;
        } catch (error) {
          if (!signal.aborted) logger.error({ err: error }, 'a due check could not be published');
          return false;
        } finally {
          inFlight -= 1;
          if (inFlight === limit - 1) onRoom();
        }
      }),
    );
    if (inFlight === 0) onIdle?.();
    return outcomes.every(Boolean);
  }

  return {
    get inFlight() {
      return inFlight;
    },
    room: (): number => Math.max(0, limit - inFlight),

    publishAll,

    async publish(taken: Taken): Promise<void> {
      const { schedule, firstMs, gridFromMs } = taken;
      const pending = gridFromMs === undefined ? undefined : { shard: schedule.shard, fromMs: gridFromMs };
      if (pending !== undefined) unpublished.add(pending);
      if (!(await publishAll(dueEvents(taken, toInstant(now()))))) return;
      if (pending !== undefined) unpublished.delete(pending);
      if (firstMs !== undefined) firsts.push({ monitorId: schedule.monitorId, slot: toInstant(firstMs) });
    },

    /** All taken slots of the shard up to here are in the log. */
    publishedUntilMs(shard: Shard, takenUntilMs: number): number {
      let until = takenUntilMs;
      for (const pending of unpublished)
        if (pending.shard === shard) until = Math.min(until, pending.fromMs - 1);
      return until;
    },

    /** First checks published and not handed out here before; what could not be kept is given back. */
    takeFirsts(): FirstCheck[] {
      const taken = firsts;
      firsts = [];
      return taken;
    },
    giveBackFirsts(back: readonly FirstCheck[]): void {
      firsts.unshift(...back);
    },

    async idle(): Promise<void> {
      if (inFlight > 0)
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
    },
  };
}
