import type { Bound } from './replayable.js';

/** What is told while a replay runs, and what it came to. */
export interface Progress {
  /** a pass begins */
  readonly aim: (bounds: readonly Bound[], from: readonly Bound[]) => void;
  readonly folded: (events: number) => void;
  readonly say: (line: string) => void;
  /** events and the seconds they took, over all passes */
  readonly total: () => { readonly events: number; readonly seconds: number };
}

const EVERY_MS = 1_000;

/** @param write one line, for a person who waits @param now milliseconds that never go back */
export function createProgress(write: (line: string) => void, now: () => number): Progress {
  let events = 0;
  let spentMs = 0;
  let passFrom = 0;
  let passEvents = 0;
  let aim = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    aim(bounds, from) {
      const furthest = (of: readonly Bound[], { projection, stream }: Bound) =>
        Math.max(
          0,
          ...of.filter((b) => b.projection === projection && b.stream === stream).map(({ seq }) => seq),
        );
      const inputs = new Map(bounds.map((bound) => [`${bound.projection} ${bound.stream}`, bound]));
      aim = 0;
      for (const bound of inputs.values())
        aim += Math.max(0, furthest(bounds, bound) - furthest(from, bound));
      passFrom = now();
      passEvents = 0;
    },
    folded(count) {
      events += count;
      passEvents += count;
      const at = now();
      spentMs += at - passFrom;
      passFrom = at;
      if (at - saidAt < EVERY_MS) return;
      saidAt = at;
      const rate = Math.round((events / Math.max(1, spentMs)) * 1_000);
      write(`${events} events folded, ${rate} events/s, about ${Math.max(0, aim - passEvents)} to go`);
    },
    say: write,
    total: () => ({ events, seconds: spentMs / 1_000 }),
  };
}
