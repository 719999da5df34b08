/** Told again this often until the run is over: a message that nobody heard is gone. */
const AGAIN_MS = 2_000;

export interface Stop {
  readonly runId: string;
  readonly location: string;
}

/** Tells executors to end runs, each at once and then at intervals, however often the queue is looked at. */
export function createStopTeller(tellStop: (location: string, runId: string) => void) {
  let told = new Map<string, number>();
  return {
    /** @param stops all that are to be ended @param nowMs of a clock that never goes back */
    tell(stops: readonly Stop[], nowMs: number): void {
      const still = new Map<string, number>();
      for (const { runId, location } of stops) {
        const last = told.get(runId);
        const isTime = last === undefined || nowMs - last >= AGAIN_MS;
        if (isTime) tellStop(location, runId);
        still.set(runId, isTime ? nowMs : last);
      }
      told = still;
    },
  };
}
