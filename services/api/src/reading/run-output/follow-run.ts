import { setTimeout as delay } from 'node:timers/promises';
import type { RunView } from '@tocsin/http-api';
import type { OutputChunk, RunOutput } from './run-output.reader.js';

/** When to come back: long enough for a restart of ours, short enough not to be noticed. */
const RETRY_MS = 2000;
/** What was said before the end is waited for no longer. */
const DRAIN_MS = 5000;

export interface FollowOptions {
  readonly output: RunOutput;
  /** the run as it is now; undefined when there is none any more */
  readonly look: () => Promise<RunView | undefined>;
  /** sequence of the last chunk the client had; 0 for all from the beginning */
  readonly after: number;
  readonly lookEveryMs: number;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}

/** What a run says and what becomes of it, as an event stream that ends with the run: its last word is its last state. */
export async function* followRun(options: FollowOptions): AsyncGenerator<string, void, undefined> {
  const { output, look, lookEveryMs, heartbeatMs } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const chunks = waitable(output.read(options.after, signal), signal);
  let position = options.after;
  let shown = '';
  let lookedAt = -Infinity;
  let wroteAt = performance.now();

  function* say(text: string) {
    if (text === '') return;
    yield text;
    wroteAt = performance.now();
  }
  function* sayChunk(chunk: OutputChunk) {
    position = chunk.sequence;
    if (chunk.data !== '') yield* say(`id: ${chunk.sequence}\nevent: output\ndata: ${chunk.data}\n\n`);
  }

  try {
    yield `retry: ${RETRY_MS}\n\n`;
    while (!signal.aborted) {
      if (performance.now() - lookedAt >= lookEveryMs) {
        const run = await look();
        lookedAt = performance.now();
        if (run === undefined) return;
        const isOver = run.status !== 'queued' && run.status !== 'running';
        if (isOver) {
          const last = await output.lastSequence().catch(() => 0);
          const until = performance.now() + DRAIN_MS;
          while (position < last && performance.now() < until && !signal.aborted) {
            const chunk = await chunks.next(until - performance.now());
            if (chunk !== undefined) yield* sayChunk(chunk);
          }
        }
        const state = JSON.stringify(run);
        if (state !== shown) yield* say(`event: state\ndata: ${state}\n\n`);
        shown = state;
        if (isOver) return;
      }
      const chunk = await chunks.next(lookedAt + lookEveryMs - performance.now());
      if (chunk !== undefined) yield* sayChunk(chunk);
      else if (performance.now() - wroteAt >= heartbeatMs) yield* say(': still here\n\n');
    }
  } finally {
    ending.abort();
  }
}

/** @returns one after the other, undefined when there is none within the time, before the signal, or at all any more */
function waitable<Item>(items: AsyncIterator<Item, void, undefined>, signal: AbortSignal) {
  let pending: Promise<IteratorResult<Item, void>> | undefined;
  return {
    async next(waitMs: number): Promise<Item | undefined> {
      pending ??= items.next();
      const waiting = new AbortController();
      const enough = AbortSignal.any([signal, waiting.signal]);
      const timeout = delay(Math.max(0, waitMs), undefined, { signal: enough }).catch(() => undefined);
      const result = await Promise.race([pending, timeout]);
      waiting.abort();
      if (result === undefined) return undefined;
      pending = undefined;
      return result.done === true ? undefined : result.value;
    },
  };
}
