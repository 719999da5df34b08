export interface Bell {
  /** Ends the wait that is on, or the next one. */
  readonly ring: () => void;
  /** Until the bell, the signal, or this long. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A sleep that can be ended, and that never misses a ring from before it began. For one waiter. */
export function createBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms, signal) {
      if (!rung && !signal.aborted)
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            wake = undefined;
            resolve();
          };
          const timer = setTimeout(done, ms);
          wake = done;
          signal.addEventListener('abort', done, { once: true });
        });
      rung = false;
    },
  };
}
