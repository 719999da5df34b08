import type { LiveFeed } from './live-feed.loop.js';
import { encodePosition, type LivePosition, type LiveTopic } from './live-position.js';
import type { LiveEvent } from './recent-events.js';

/** When to come back: long enough for a restart of ours, short enough not to be noticed. */
const RETRY_MS = 2000;
const CHUNK = 64;

export interface LiveClientOptions {
  readonly feed: LiveFeed;
  readonly project: string;
  readonly topics: readonly LiveTopic[];
  /** where the client stopped; topics not in it begin now */
  readonly since: LivePosition;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}

/** Where a client stands in one topic. */
interface Place {
  position: number;
  generation: number;
}

/**
 * The live stream of one client, made as fast as the client reads. One that falls behind what is kept in memory is let
 * go: it comes back with the id of the last event it had, and what it missed is read for it from the log.
 */
export async function* liveClient(options: LiveClientOptions): AsyncGenerator<string, void, undefined> {
  const { feed, topics, since, heartbeatMs, signal } = options;
  const places = new Map<LiveTopic, Place>();
  const id = () =>
    `id: ${encodePosition(Object.fromEntries([...places].map(([topic, { position }]) => [topic, position])))}\n\n`;
  const write = (place: Place, events: readonly LiveEvent[]): string =>
    events
      .map((event) => {
        place.position = event.sequence;
        return event.project === options.project ? event.frame + id() : '';
      })
      .join('');

  yield `retry: ${RETRY_MS}\n\n`;
  let wroteAt = performance.now();
  while (!signal.aborted) {
    const { version } = feed;
    for (const topic of topics) {
      const recent = feed.recent(topic);
      if (recent.head === undefined) continue;
      let place = places.get(topic);
      if (place === undefined) {
        place = {
          position: Math.min(since[topic] ?? recent.head, recent.head),
          generation: recent.generation,
        };
        places.set(topic, place);
        while (place.position < recent.floor && !signal.aborted) {
          const until = recent.head;
          for await (const event of feed.missed(topic, place.position, until, signal))
            yield write(place, [event]);
          place.position = until;
        }
      }
      if (place.generation !== recent.generation)
        Object.assign(place, { generation: recent.generation, position: recent.floor });
      if (place.position < recent.floor) return;
      const { head } = recent;
      if (head === undefined) continue;
      const events = recent.after(place.position);
      for (let at = 0; at < events.length && !signal.aborted; at += CHUNK) {
        const text = write(place, events.slice(at, at + CHUNK));
        if (text !== '') {
          yield text;
          wroteAt = performance.now();
        }
      }
      place.position = head;
    }
    const quietMs = performance.now() - wroteAt;
    if (quietMs < heartbeatMs) {
      await feed.next(version, heartbeatMs - quietMs, signal);
      continue;
    }
    yield `: still here\n${places.size === 0 ? '\n' : id()}`;
    wroteAt = performance.now();
  }
}
