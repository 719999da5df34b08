import type { TestOutcome, TestRunInput, TestRunner } from './test-runner.js';
import type { Turns } from './turns.js';

/**
 * A runner of which only so many run at once, whoever asks: hundreds of checks that are due together do not start
 * hundreds of browsers. Waiting counts against the time of the test.
 */
export function inTurns(runner: TestRunner, turns: Turns): TestRunner {
  return {
    kind: runner.kind,
    async run(input) {
      const startedAt = performance.now();
      const waitedMs = () => Math.round(performance.now() - startedAt);
      const tooLong = new AbortController();
      const timer = setTimeout(() => tooLong.abort(), input.timeoutMs);
      let giveBack: () => void;
      try {
        giveBack = await turns.take(AbortSignal.any([input.signal, tooLong.signal]));
      } catch {
        return notRun(input, waitedMs());
      } finally {
        clearTimeout(timer);
      }
      try {
        const outcome = await runner.run({ ...input, timeoutMs: Math.max(1, input.timeoutMs - waitedMs()) });
        return { ...outcome, durationMs: waitedMs() };
      } finally {
        giveBack();
      }
    },
  };
}

const notRun = ({ signal }: TestRunInput, durationMs: number): TestOutcome => ({
  ...(signal.aborted
    ? { status: 'cancelled', error: { code: 'cancelled', message: 'the run was stopped' } }
    : {
        status: 'error',
        error: {
          code: 'no_room',
          message:
            'all browsers of this executor were busy for the whole time of the test; raise TOCSIN_RUN_CONCURRENCY or start more executors',
        },
      }),
  durationMs,
  files: [],
  dispose: () => Promise.resolve(),
});
