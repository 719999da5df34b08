import { expect, it } from 'vitest';
import type { TestOutcome } from '../tests/test-runner.js';
import { createLiveRuns } from './live-runs.js';
import { withinGrace } from './within-grace.js';

const passed: TestOutcome = { status: 'passed', durationMs: 1, files: [], dispose: () => Promise.resolve() };

it('a runner that does not end when the executor does is left behind in time', async () => {
  const run = createLiveRuns().begin('a');
  if (run === undefined) throw new Error('it is not begun');
  const startedAt = performance.now();
  const outcome = withinGrace(new Promise(() => undefined), run);
  run.cut('cancelled');
  run.cut('executor_stopped');
  expect(await outcome).toMatchObject({ status: 'error', error: { code: 'runner_hung' } });
  expect(performance.now() - startedAt).toBeLessThan(5_500);
});

it('a runner that ends is what it came to', async () => {
  const run = createLiveRuns().begin('a');
  if (run === undefined) throw new Error('it is not begun');
  run.cut('cancelled');
  expect(await withinGrace(Promise.resolve(passed), run)).toBe(passed);
});
