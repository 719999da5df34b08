import type { StreamName } from '@tocsin/contracts';
import type { EventLog, LogReader, StoredMessage } from './event-log.js';

export interface FeedInput {
  readonly stream: StreamName;
  readonly subjects: readonly string[];
  readonly order: number;
  /** first sequence wanted */
  readonly from: number;
  /** last sequence that belongs to what is caught up on: nothing after it is handed out before all inputs are there */
  readonly target: number;
}

/** What the feed makes of a message as it arrives: while a batch is being committed, the next is read and decoded. */
export type Prepare<Item> = (message: StoredMessage) => Item;

interface Source<Item> extends FeedInput {
  readonly reader: LogReader;
  readonly queue: { item: Item; arrival: number }[];
  resume: (() => void) | undefined;
  reached: boolean;
}

export interface Feed<Item> {
  /** the next messages in order, of one phase: catching up or live; none when `waitMs` passes */
  take(limit: number, lingerMs: number, waitMs: number): Promise<Item[]>;
  /** streams of which all that was stored has been handed out */
  drained(): Promise<StreamName[]>;
  close(): void;
}

/** Read ahead of the fold, in messages for each stream. */
const AHEAD = 1_000;
/** How often an input that is quiet is asked whether it has reached its target, milliseconds. */
const ASK_MS = 20;

/**
 * Several streams as one sequence. First each input up to its target, in the order of the inputs: configuration before
 * the results that it judges. From then on, as they arrive.
 */
export function openFeed<Item extends { readonly message: StoredMessage }>(
  log: EventLog,
  inputs: readonly FeedInput[],
  prepare: Prepare<Item>,
  onError: (error: unknown) => void,
): Feed<Item> {
  const closing = new AbortController();
  let arrivals = 0;
  let wake: (() => void) | undefined;
  const changed = () => {
    const resume = wake;
    wake = undefined;
    resume?.();
  };
  const sources: Source<Item>[] = inputs
    .toSorted((a, b) => a.order - b.order)
    .map((input) => ({
      ...input,
      reader: log.read({
        stream: input.stream,
        subjects: input.subjects,
        from: { sequence: input.from },
        signal: closing.signal,
      }),
      queue: [],
      resume: undefined,
      reached: input.from > input.target,
    }));

  async function pump(source: Source<Item>): Promise<void> {
    for await (const message of source.reader) {
      source.queue.push({ item: prepare(message), arrival: arrivals++ });
      if (source.queue.length === 1) changed();
      if (source.queue.length >= AHEAD) await new Promise<void>((resolve) => (source.resume = resolve));
      if (closing.signal.aborted) return;
    }
  }
  for (const source of sources) pump(source).catch(onError);

  /** The input whose turn it is while any is behind; undefined once all are live. */
  const behind = () => sources.find(({ reached }) => !reached);

  function next(): Source<Item> | undefined {
    const late = behind();
    if (late !== undefined) {
      const head = late.queue[0];
      if (head === undefined) return undefined;
      if (head.item.message.sequence <= late.target) return late;
      late.reached = true;
      return next();
    }
    let earliest: Source<Item> | undefined;
    for (const source of sources) {
      const head = source.queue[0];
      if (head !== undefined && head.arrival < (earliest?.queue[0]?.arrival ?? Infinity)) earliest = source;
    }
    return earliest;
  }

  function shift(limit: number): Item[] {
    const taken: Item[] = [];
    const catchingUp = behind() !== undefined;
    while (taken.length < limit) {
      const source = next();
      // What is caught up on and what is live never share a batch.
      if (source === undefined || (catchingUp && behind() === undefined && taken.length > 0)) break;
      const head = source.queue.shift();
      if (head === undefined) break;
      taken.push(head.item);
      if (source.queue.length < AHEAD / 2) {
        source.resume?.();
        source.resume = undefined;
      }
    }
    return taken;
  }

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  return {
    async take(limit, lingerMs, waitMs) {
      const until = performance.now() + waitMs;
      for (;;) {
        const late = behind();
        if (next() !== undefined) {
          const waiting = sources.reduce((sum, { queue }) => sum + queue.length, 0);
          if (lingerMs > 0 && late === undefined && waiting < limit)
            await new Promise((resolve) => setTimeout(resolve, lingerMs));
          return shift(limit);
        }
        if (late !== undefined && late.queue.length === 0 && (await late.reader.isDrained())) {
          // Asked and answered while nothing arrived: there is nothing up to the target for these subjects.
          if (late.queue.length === 0) late.reached = true;
          continue;
        }
        const left = until - performance.now();
        if (left <= 0 || closing.signal.aborted) return [];
        await sleep(late === undefined ? left : Math.min(ASK_MS, left));
      }
    },
    async drained() {
      const streams: StreamName[] = [];
      for (const { stream, queue, reader } of sources)
        if (queue.length === 0 && (await reader.isDrained()) && queue.length === 0) streams.push(stream);
      return streams;
    },
    close() {
      closing.abort();
      for (const source of sources) source.resume?.();
      changed();
    },
  };
}
