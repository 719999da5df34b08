import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestOutcome } from '../tests/test-runner.js';
import type { LiveRun } from './live-runs.js';

/** A stop of the whole process has 8 s, and the end of the run is to be published within them. */
const STOP_GRACE_MS = 4_500;
/** The scheduler gives a run 60 s beyond its deadline. */
const GRACE_MS = 20_000;

/** A runner ends by itself soon after it was told to; one that does not is left behind. */
export async function withinGrace(
  running: Promise<TestOutcome>,
  live: Pick<LiveRun, 'signal' | 'stopping'>,
): Promise<TestOutcome> {
  const startedAt = performance.now();
  const ended = new AbortController();
  const { signal } = ended;
  const after = async (told: AbortSignal, graceMs: number) => {
    if (!told.aborted) await once(told, 'abort', { signal });
    await delay(graceMs, undefined, { signal });
  };
  const givenUp = async (): Promise<TestOutcome> => {
    await Promise.race([after(live.signal, GRACE_MS), after(live.stopping, STOP_GRACE_MS)]);
    return {
      status: 'error',
      durationMs: Math.round(performance.now() - startedAt),
      error: { code: 'runner_hung', message: 'the test did not end when it was told to' },
      files: [],
      dispose: async () => void running.then((outcome) => outcome.dispose()),
    };
  };
  try {
    return await Promise.race([running, givenUp()]);
  } finally {
    ended.abort();
  }
}
