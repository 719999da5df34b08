import type { LiveFeed } from './live-feed.loop.js';
import { encodePosition, type LivePosition, type LiveTopic } from './live-position.js';
import type { LiveEvent, RecentEvents } from './recent-events.js';

/** When to come back: long enough for a restart of ours, short enough not to be noticed. */
const RETRY_MS = 2000;
const CHUNK = 64;

export interface LiveClientOptions {
  readonly feed: LiveFeed;
  readonly project: string;
  readonly topics: readonly LiveTopic[];
  /** left out: all but changes of policies */
  readonly types?: readonly string[] | undefined;
  /** where the client stopped; topics not in it begin now */
  readonly since: LivePosition;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}

/** Where a client stands in one topic. */
interface Place {
  readonly topic: LiveTopic;
  readonly recent: RecentEvents;
  position: number;
  generation: number;
  /** has caught up with what is in memory */
  isLive: boolean;
}

/**
 * The live stream of one client, made as fast as the client reads. One that falls behind what is kept in memory is let
 * go: it comes back with the id of the last event it had, and what it missed is read for it from the log.
 */
export async function* liveClient(options: LiveClientOptions): AsyncGenerator<string, void, undefined> {
  const { feed, heartbeatMs, signal } = options;
  yield `retry: ${RETRY_MS}\n\n`;
  let wroteAt = performance.now();
  let places: readonly Place[] = [];
  while (!signal.aborted) {
    const { version } = feed;
    if (places.length === 0) places = placesOf(options);
    for (const place of places) {
      if (isTooSlow(place)) return;
      for await (const events of eventsFor(options, place)) {
        const text = write(events, place, places, options);
        if (text === '') continue;
        yield text;
        wroteAt = performance.now();
      }
    }
    const quietMs = performance.now() - wroteAt;
    if (quietMs < heartbeatMs) {
      await feed.next(version, heartbeatMs - quietMs, signal);
      continue;
    }
    yield `: still here\n${places.length === 0 ? '\n' : idOf(places)}`;
    wroteAt = performance.now();
  }
}

/** None before the ends of all streams are known: each id a client is given must name its place in every topic. */
function placesOf({ feed, topics, since }: LiveClientOptions): Place[] {
  const places = topics.flatMap((topic): Place[] => {
    const recent = feed.recent(topic);
    const { head, generation } = recent;
    if (head === undefined) return [];
    return [{ topic, recent, position: Math.min(since[topic] ?? head, head), generation, isLive: false }];
  });
  return places.length === topics.length ? places : [];
}

function isTooSlow(place: Place): boolean {
  const { recent } = place;
  if (place.generation !== recent.generation) {
    place.generation = recent.generation;
    place.position = recent.floor;
  }
  return place.isLive && place.position < recent.floor;
}

/** What is new in one topic, in pieces: from the log as long as it is not in memory, then from there. */
async function* eventsFor(
  { feed, project, signal }: LiveClientOptions,
  place: Place,
): AsyncGenerator<readonly LiveEvent[], void, undefined> {
  const { topic, recent } = place;
  while (place.position < recent.floor && !signal.aborted) {
    const until = recent.floor;
    for await (const event of feed.missed({ topic, project }, place.position, until, signal)) yield [event];
    place.position = Math.max(place.position, until);
  }
  const { head } = recent;
  if (head === undefined || signal.aborted) return;
  const events = recent.after(place.position);
  place.isLive = true;
  for (let at = 0; at < events.length && !signal.aborted; at += CHUNK) yield events.slice(at, at + CHUNK);
  if (!signal.aborted) place.position = head;
}

function write(
  events: readonly LiveEvent[],
  place: Place,
  places: readonly Place[],
  { project, types }: LiveClientOptions,
): string {
  const isWanted = ({ type }: LiveEvent) =>
    types === undefined ? type !== 'PolicyChanged' : types.includes(type);
  const frames = events.map((event) => {
    place.position = event.sequence;
    return event.project === project && isWanted(event) ? event.frame + idOf(places) : '';
  });
  return frames.join('');
}

const idOf = (places: readonly Place[]): string =>
  `id: ${encodePosition(Object.fromEntries(places.map(({ topic, position }) => [topic, position])))}\n\n`;
