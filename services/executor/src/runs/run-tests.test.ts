import type { Artifact, TestStatus } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import type { TestOutcome, TestRunInput, TestRunner } from '../tests/test-runner.js';
import { createLiveRuns, type LiveRun } from './live-runs.js';
import { runTests, type TestOfRun } from './run-tests.js';

type Play = (input: TestRunInput, live: LiveRun) => Pick<TestOutcome, 'status' | 'error'>;

const testNamed = (name: string): TestOfRun => ({
  testId: name,
  material: {
    test: { id: name, revision: 1, name, kind: 'api', definition: {} },
    variables: {},
    secrets: {},
  },
});

/** @param plays what the attempts come to, in order */
async function run(names: readonly string[], plays: readonly Play[], retries = 0) {
  const live = createLiveRuns().begin('run');
  if (live === undefined) throw new Error('it is not begun');
  const stored: string[] = [];
  const disposed: string[] = [];
  let attempt = 0;
  const runner: TestRunner = {
    kind: 'api',
    run: (input) => {
      const play = plays[attempt++];
      if (play === undefined) throw new Error('one attempt too many');
      return Promise.resolve({
        ...play(input, live),
        durationMs: 10,
        files: [],
        dispose: async () => void disposed.push(input.test.name),
      });
    },
  };
  const { results, cut } = await runTests(names.map(testNamed), retries, {
    runners: { api: runner, browser: runner },
    output: { write: () => undefined, note: () => undefined, end: () => undefined },
    artifacts: {
      store: (_, folder) => Promise.resolve(void stored.push(folder)),
      list: (): Artifact[] => [],
    },
    live,
    deadline: performance.now() + 60_000,
  });
  return {
    seen: results.map(({ status, attempts }) => `${status} ${attempts}`),
    cut,
    stored,
    disposed,
    results,
  };
}
const comesTo =
  (status: Exclude<TestStatus, 'skipped'>): Play =>
  () => ({ status, ...(status === 'passed' ? {} : { error: { code: `was_${status}`, message: status } }) });
const atTheDeadline =
  (status: 'error' | 'timeout' | 'failed' | 'passed'): Play =>
  (input, live) => {
    live.cut('timeout');
    return comesTo(status)(input, live);
  };

describe('the tests of a run', () => {
  it('are tried again while they do not pass, as often as the job says', async () => {
    const made = await run(
      ['a', 'b'],
      [
        comesTo('failed'),
        comesTo('error'),
        comesTo('passed'),
        comesTo('timeout'),
        comesTo('timeout'),
        comesTo('failed'),
      ],
      2,
    );
    expect(made.seen).toEqual(['passed 3', 'failed 3']);
    expect(made.results[0]).toMatchObject({ durationMs: 30, error: undefined });
    expect(made.stored).toEqual(['a/attempt-1', 'a/attempt-2', 'a', 'b/attempt-1', 'b/attempt-2', 'b']);
    expect(made.disposed).toHaveLength(6);
    expect(made.cut).toBeUndefined();
  });
  it('K6: end as a timeout when the time is up while one runs', async () => {
    const made = await run(['a', 'b'], [atTheDeadline('timeout')], 2);
    expect(made).toMatchObject({ seen: ['timeout 1', 'skipped 0'], cut: 'timeout' });
    expect(made.results[0]?.error?.code).toBe('job_timeout');
  });
  it('K8: end as an error when what kept us from looking took all the time', async () => {
    const made = await run(['a', 'b'], [atTheDeadline('error')]);
    expect(made).toMatchObject({ seen: ['error 1', 'skipped 0'], cut: undefined });
  });
  it('keep what was found when the time is up after the last of them', async () => {
    const made = await run(['a', 'b'], [comesTo('passed'), atTheDeadline('passed')]);
    expect(made).toMatchObject({ seen: ['passed 1', 'passed 1'], cut: undefined });
  });
  it('end as a timeout when there was no time for the last of them', async () => {
    const made = await run(['a', 'b'], [atTheDeadline('failed')]);
    expect(made).toMatchObject({ seen: ['failed 1', 'skipped 0'], cut: 'timeout' });
  });
  it('leave no files behind in an executor that stops', async () => {
    const made = await run(
      ['a', 'b'],
      [
        (_, live) => {
          live.cut('executor_stopped');
          return { status: 'cancelled' };
        },
      ],
    );
    expect(made).toMatchObject({ seen: ['error 1', 'skipped 0'], cut: 'executor_stopped', stored: [] });
    expect(made.disposed).toEqual(['a']);
  });
});
