import type { EventType } from '@tocsin/contracts';

/** An event as it is written to clients, without its `id:`, which differs from client to client. */
export interface LiveEvent {
  readonly sequence: number;
  readonly project: string;
  readonly type: EventType;
  /** `event:` and `data:` lines */
  readonly frame: string;
}

/** The newest events of one stream, in memory, for all clients of this process. */
export interface RecentEvents {
  /** last sequence read; undefined until everything up to the end of the stream was read once */
  readonly head: number | undefined;
  /** everything after this sequence is in memory */
  readonly floor: number;
  /** counts how often the stream went back, after which old positions mean nothing */
  readonly generation: number;
  after(sequence: number): readonly LiveEvent[];
  /** reading begins after `floor`, of a stream that ends at `end` now */
  startAt(floor: number, end: number): void;
  /** @param event undefined for a message that is nothing to tell */
  push(sequence: number, event: LiveEvent | undefined): void;
}

/** @param size events kept at least, once there were so many */
export function recentEvents(size: number): RecentEvents {
  let read = 0;
  let end = Number.POSITIVE_INFINITY;
  let floor = 0;
  let generation = 0;
  let events: LiveEvent[] = [];

  const startAt = (from: number, to: number) => {
    if (to < read) generation += 1;
    read = from;
    end = to;
    floor = from;
    events = [];
  };
  return {
    get head() {
      return read >= end ? read : undefined;
    },
    get floor() {
      return floor;
    },
    get generation() {
      return generation;
    },
    after: (sequence) => events.slice(firstAfter(events, sequence)),
    startAt,
    push(sequence, event) {
      // A log that lost its tail and had it repeated goes on with smaller numbers.
      if (sequence <= read) startAt(sequence - 1, sequence - 1);
      read = sequence;
      if (event !== undefined) events.push(event);
      // In strides, so that a full memory does not move itself with every event
      if (events.length < 2 * size) return;
      floor = events[size - 1]?.sequence ?? floor;
      events = events.slice(size);
    },
  };
}

function firstAfter(events: readonly LiveEvent[], sequence: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.sequence ?? 0) > sequence) high = middle;
    else low = middle + 1;
  }
  return low;
}
