import { setTimeout as delay } from 'node:timers/promises';
import { filters, type StreamName } from '@tocsin/contracts';
import {
  decodeStored,
  type EventLog,
  type LogReader,
  type Page,
  type StoredMessage,
} from '@tocsin/event-log';
import { type Instant, PermanentError } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import { liveEventOf } from './live-event.js';
import { LIVE_STREAMS, type LivePosition, type LiveTopic, TOPICS } from './live-position.js';
import { type LiveEvent, type RecentEvents, recentEvents } from './recent-events.js';

const RETRY_MS = 1000;
/** A burst wakes the clients once. */
const GATHER_MS = 10;
/** Of what one client missed, events read at once. */
const PAGE = 256;
const OF_PROJECT = {
  status: filters.statusOf,
  alert: filters.alertsOf,
  delivery: filters.deliveriesOf,
} as const;
const FILTERS = {
  status: filters.allStatus,
  alert: filters.allAlerts,
  delivery: filters.allDeliveries,
} as const;

/** The live edge of the log: read once per process, whatever the number of clients. */
export interface LiveFeed {
  recent(topic: LiveTopic): RecentEvents;
  /** of what `recent` holds */
  readonly version: number;
  /** resolves when there is another version than `seen`, at the latest after `timeoutMs` or with the signal */
  next(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** what the log holds of a project after `after` up to `until`, for one client that comes back */
  missed(
    of: { readonly topic: LiveTopic; readonly project: string },
    after: number,
    until: number,
    signal: AbortSignal,
  ): AsyncIterable<LiveEvent>;
  /** the positions from which a client has what the log took at that instant or later, or all there is */
  since(
    topics: readonly LiveTopic[],
    project: string,
    from: { readonly time: Instant } | { readonly sequence: number },
  ): Promise<LivePosition>;
  /** reads until the signal */
  run(signal: AbortSignal): Promise<void>;
}

export interface LiveFeedOptions {
  readonly log: EventLog;
  readonly logger: Logger;
  /** events kept per stream */
  readonly size?: number;
}

export function createLiveFeed({ log, logger, size = 4096 }: LiveFeedOptions): LiveFeed {
  const recent = { status: recentEvents(size), alert: recentEvents(size), delivery: recentEvents(size) };
  const waiting = new Set<() => void>();
  let version = 0;
  let isGathering = false;
  const wakeSoon = () => {
    if (isGathering) return;
    isGathering = true;
    setTimeout(() => {
      isGathering = false;
      version += 1;
      for (const wake of waiting) wake();
    }, GATHER_MS);
  };
  const readAfter = (topic: LiveTopic, after: number, signal: AbortSignal): LogReader =>
    log.read({
      stream: LIVE_STREAMS[topic],
      subjects: [FILTERS[topic]],
      from: { sequence: after + 1 },
      signal,
    });

  async function follow(topic: LiveTopic, signal: AbortSignal): Promise<void> {
    const { firstSequence, lastSequence } = await log.describe(LIVE_STREAMS[topic]);
    // Clients of a process that was restarted come back all at once, having missed next to nothing.
    const floor = Math.min(lastSequence, Math.max(firstSequence - 1, lastSequence - size, 0));
    recent[topic].startAt(floor, lastSequence);
    wakeSoon();
    for await (const message of readAfter(topic, floor, signal)) {
      recent[topic].push(message.sequence, readLive(message));
      wakeSoon();
    }
  }

  /** What the log does not answer is asked again: a client that catches up waits as one that is live does. */
  async function pageOf(
    {
      from,
      ...asked
    }: { readonly stream: StreamName; readonly subjects: readonly string[]; readonly from: number },
    signal: AbortSignal,
  ): Promise<Page | undefined> {
    while (!signal.aborted) {
      try {
        return await log.page({ ...asked, from: { sequence: from }, limit: PAGE });
      } catch (error) {
        logger.warn(
          { err: error, stream: asked.stream },
          'the log cannot be read for a client, trying again',
        );
      }
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  async function followForEver(topic: LiveTopic, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await follow(topic, signal).catch((error: unknown) => {
        if (!signal.aborted)
          logger.warn({ err: error, topic }, 'live events cannot be followed, trying again');
      });
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    recent: (topic) => recent[topic],
    get version() {
      return version;
    },
    next: (seen, timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        waiting.add(done);
        signal.addEventListener('abort', done);
        if (signal.aborted || seen !== version) done();
      }),
    async *missed({ topic, project }, after, until, signal) {
      let from = after + 1;
      while (!signal.aborted) {
        const asked = { stream: LIVE_STREAMS[topic], subjects: [OF_PROJECT[topic](project)], from };
        const page = await pageOf(asked, signal);
        if (page === undefined) return;
        for (const message of page.messages) {
          if (message.sequence > until || signal.aborted) return;
          from = message.sequence + 1;
          const event = readLive(message);
          if (event !== undefined) yield event;
        }
        if (page.remaining === 0) return;
      }
    },
    async since(topics, project, from) {
      const found = topics.map(async (topic) => {
        const stream = LIVE_STREAMS[topic];
        const subjects = [OF_PROJECT[topic](project)];
        // Asked before: what comes between the two answers is not there yet by the one and behind the other.
        const { lastSequence } = await log.describe(stream);
        const [first] = (await log.page({ stream, subjects, from, limit: 1 })).messages;
        return [topic, first === undefined ? lastSequence : first.sequence - 1] as const;
      });
      return Object.fromEntries(await Promise.all(found));
    },
    async run(signal) {
      await Promise.all(TOPICS.map((topic) => followForEver(topic, signal)));
    },
  };
}

/** What no projection can read either is theirs to report. */
function readLive(message: StoredMessage): LiveEvent | undefined {
  try {
    return liveEventOf(decodeStored(message));
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}
