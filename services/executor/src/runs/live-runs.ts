import type { RunCut } from '@tocsin/monitoring';

/** The runs this executor makes now, and how to end them. */
export interface LiveRuns {
  /** @returns undefined when this run is being made already */
  begin(runId: string): LiveRun | undefined;
  /** resolves when the run is over; undefined when it is not made here */
  ended(runId: string): Promise<void> | undefined;
  /** ends a run: nothing when it is not made here, or is ending already */
  cut(runId: string, why: RunCut): void;
  cutAll(why: RunCut): void;
  size(): number;
}

export interface LiveRun {
  /** aborted when the run is to end before its tests do */
  readonly signal: AbortSignal;
  /** aborted when the whole executor ends: there are seconds left */
  readonly stopping: AbortSignal;
  /** why; the first reason counts */
  cutBy(): RunCut | undefined;
  cut(why: RunCut): void;
  end(): void;
}

export function createLiveRuns(): LiveRuns {
  const live = new Map<string, LiveRun & { readonly over: Promise<void> }>();
  return {
    begin(runId) {
      if (live.has(runId)) return undefined;
      const stop = new AbortController();
      const hurry = new AbortController();
      const { promise: over, resolve } = Promise.withResolvers<void>();
      let why: RunCut | undefined;
      const run = {
        signal: stop.signal,
        stopping: hurry.signal,
        cutBy: () => why,
        cut(reason: RunCut) {
          if (reason === 'executor_stopped') hurry.abort();
          if (why !== undefined) return;
          why = reason;
          stop.abort();
        },
        end() {
          live.delete(runId);
          resolve();
        },
        over,
      };
      live.set(runId, run);
      return run;
    },
    ended: (runId) => live.get(runId)?.over,
    cut: (runId, why) => live.get(runId)?.cut(why),
    cutAll(why) {
      for (const run of live.values()) run.cut(why);
    },
    size: () => live.size,
  };
}
