import type { Item, Place } from './subscription.js';

/** A message that was looked at: an event that is wanted, or its place alone. */
export interface Looked {
  readonly place: Place;
  readonly item?: Item | undefined;
}

/**
 * What waits for one subscription in one stream. It is read in pages until there is nothing behind them; then it is live:
 * what the one reader of the stream sees is handed to it. What cannot be held is read again in pages.
 */
export interface Inbox {
  readonly place: Place;
  readonly head: Item | undefined;
  /** nothing is here, and nothing will come by itself */
  readonly needsPage: boolean;
  /** before a page is asked for: what the stream takes from now on comes by itself, whatever the page holds */
  join(): void;
  accept(page: readonly Looked[], remaining: number): void;
  /** the page did not come */
  giveUp(): void;
  push(item: Item): void;
  /** it was sent */
  done(item: Item): void;
  /** to hold nothing while nothing can be sent */
  drop(): void;
}

/** Held for one subscription; events are shared, but one that is far behind must not keep old ones alone. */
export const MOST_HELD = 128;

/** @param wanted false: nothing of this stream is */
export function createInbox(start: Place, wanted: boolean): Inbox {
  let place = start;
  let queue: Looked[] = [];
  let arrived: Item[] = [];
  let mode: 'behind' | 'joining' | 'live' = 'behind';

  function skipUnwanted(): void {
    while (queue[0] !== undefined && queue[0].item === undefined) place = queue.shift()?.place ?? place;
  }
  const placeOf = ({ sequence, at }: Item): Place => ({ sequence, at });
  const lastHere = (): number => queue.at(-1)?.place.sequence ?? place.sequence;

  return {
    get place() {
      return place;
    },
    get head() {
      return queue[0]?.item;
    },
    get needsPage() {
      return wanted && mode === 'behind' && queue.length === 0;
    },
    join() {
      mode = 'joining';
      arrived = [];
    },
    accept(page, remaining) {
      queue = [...page];
      const last = lastHere();
      if (mode === 'joining' && remaining === 0) {
        for (const item of arrived) if (item.sequence > last) queue.push({ place: placeOf(item), item });
        mode = 'live';
      } else mode = 'behind';
      arrived = [];
      skipUnwanted();
    },
    giveUp() {
      mode = 'behind';
      arrived = [];
    },
    push(item) {
      if (!wanted || mode === 'behind') return;
      // The one reader may be behind a page.
      if (mode === 'live' && item.sequence <= lastHere()) return;
      if (place.sequence === 0 && place.at !== null && item.at < place.at) return;
      const waiting = mode === 'live' ? queue.length : arrived.length;
      if (waiting >= MOST_HELD) mode = 'behind';
      else if (mode === 'live') queue.push({ place: placeOf(item), item });
      else arrived.push(item);
    },
    done(item) {
      if (item.sequence > place.sequence) place = placeOf(item);
      queue = queue.filter((one) => one.place.sequence > item.sequence);
      skipUnwanted();
    },
    drop() {
      if (!wanted) return;
      queue = [];
      arrived = [];
      mode = 'behind';
    },
  };
}
