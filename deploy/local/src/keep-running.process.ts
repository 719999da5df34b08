import { setTimeout as delay } from 'node:timers/promises';
import type { ChildExit } from '@tocsin/local-stack';
import { restartDelay } from './restart.js';

export interface Launched {
  pid: number;
  exited: Promise<ChildExit>;
  /** Asks it to stop, kills it after `graceMs`; resolves when it is gone. */
  stop: (graceMs: number) => Promise<void>;
}

export interface Kept {
  /** undefined while it is down */
  readonly pid: number | undefined;
  /** Sends a signal to the process as it is now; what dies of it is started again. */
  kill: (signal: NodeJS.Signals) => void;
  /** Starts it; resolves when it has been launched once, rejects when that failed. */
  start: () => Promise<void>;
  /** Stops it and leaves it stopped. */
  stop: (graceMs: number) => Promise<void>;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** Starts a process again whenever it ends without having been asked to, a little later each time. */
export function keepRunning(
  name: string,
  launch: () => Promise<Launched>,
  say: (line: string) => void,
): Kept {
  let current: Launched | undefined;
  let stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  const run = async (signal: AbortSignal, launched: PromiseWithResolvers<void>) => {
    for (let delayMs: number | undefined; ; ) {
      const startedAt = performance.now();
      let reason: string;
      try {
        current = await launch();
        launched.resolve();
        if (delayMs !== undefined) say(`${name} runs again (pid ${current.pid})`);
        if (signal.aborted) await current.stop(2000); // asked to while it was starting
        const { code, signal: by } = await current.exited;
        reason = by === null ? `ended with code ${String(code)}` : `was ended by ${by}`;
      } catch (error) {
        launched.reject(error);
        if (delayMs === undefined) return;
        reason = `could not be started (${error instanceof Error ? error.message : String(error)})`;
      }
      current = undefined;
      if (signal.aborted) return;
      const upMs = performance.now() - startedAt;
      delayMs = restartDelay(delayMs, upMs);
      say(`${name} ${reason} after ${seconds(upMs)}; starting it again in ${seconds(delayMs)}`);
      await delay(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  };

  return {
    get pid() {
      return current?.pid;
    },
    kill: (signal) => {
      if (current) process.kill(current.pid, signal);
    },
    start: async () => {
      await loop;
      stopping = new AbortController();
      const launched = Promise.withResolvers<void>();
      loop = run(stopping.signal, launched);
      await launched.promise;
    },
    stop: async (graceMs) => {
      stopping.abort();
      await current?.stop(graceMs);
      await loop;
    },
  };
}
