import { setTimeout as delay } from 'node:timers/promises';
import type { CheckError, RunCut, TestKind, TestResult } from '@tocsin/monitoring';
import type { TestMaterial, TestOutcome, TestRunner } from '../tests/test-runner.js';
import type { LiveRun } from './live-runs.js';
import type { RunArtifacts } from './run-artifacts.store.js';
import { TEST_GONE } from './run-error.js';
import type { RunOutput } from './run-output.stream.js';
import type { Material } from './test-material.request.js';

/** A stop of the whole process has 8 s, and the end of the run is to be published within them. */
const STOP_GRACE_MS = 4_500;
/** The scheduler gives a run 60 s beyond its deadline. */
const GRACE_MS = 20_000;

export type TestRunners = Readonly<Record<TestKind, TestRunner>>;

export interface RunTestsDeps {
  readonly runners: TestRunners;
  readonly output: RunOutput;
  readonly artifacts: RunArtifacts;
  readonly live: LiveRun;
  /** the run is over by then, on the clock of `performance.now` */
  readonly deadline: number;
}

/** A test of the run; undefined when there is none of this id any more. */
export interface TestOfRun {
  readonly testId: string;
  readonly material: Material | undefined;
}

/**
 * Makes the tests of a run in order, all of them, whatever the others found, until something ends the run.
 * @returns what they came to, and what ended the run when that kept one from its end
 */
export async function runTests(
  tests: readonly TestOfRun[],
  retries: number,
  deps: RunTestsDeps,
): Promise<{ readonly results: readonly TestResult[]; readonly cut: RunCut | undefined }> {
  const { live, output } = deps;
  const results: TestResult[] = [];
  let wasCut = false;
  for (const [index, { testId, material }] of tests.entries()) {
    const at = `test ${index + 1} of ${tests.length}`;
    // Of a test that is gone no more is known than its id.
    const { name = testId, kind = 'api', revision = 0 }: Partial<TestMaterial> = material?.test ?? {};
    if (material !== undefined && !live.signal.aborted) output.note(testId, `${at}: ${name}`);
    const made = await make(material, retries, deps);
    wasCut ||= made.status === 'skipped' || (made.error !== undefined && CUT_CODES.has(made.error.code));
    const result = { testId, name, kind, revision, ...made };
    output.note(testId, sentence(at, result));
    results.push(result);
  }
  return { results, cut: wasCut ? live.cutBy() : undefined };
}

async function make(material: Material | undefined, retries: number, deps: RunTestsDeps): Promise<Made> {
  if (deps.live.signal.aborted) return { status: 'skipped', durationMs: 0, attempts: 0 };
  if (material === undefined) return { status: 'error', durationMs: 0, attempts: 0, error: TEST_GONE };
  return attemptUntilPassed(material, retries, deps);
}

type Made = Pick<TestResult, 'status' | 'durationMs' | 'attempts' | 'error'>;

async function attemptUntilPassed(material: Material, retries: number, deps: RunTestsDeps): Promise<Made> {
  const { live, output } = deps;
  const { id } = material.test;
  let durationMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await makeAttempt(material, deps);
    // The runner's own timer may be a moment before ours.
    if (performance.now() >= deps.deadline) live.cut('timeout');
    durationMs += outcome.durationMs;
    const made = { ...endOf(outcome, live), durationMs, attempts: attempt };
    const isLast = made.status === 'passed' || attempt > retries || live.signal.aborted;
    try {
      // A process that is being stopped has no time for it.
      if (live.cutBy() !== 'executor_stopped')
        await deps.artifacts.store(id, isLast ? id : `${id}/attempt-${attempt}`, outcome.files);
    } finally {
      await outcome.dispose();
    }
    if (isLast) return made;
    output.note(id, `${made.status}: ${made.error?.message ?? ''}; attempt ${attempt + 1} follows`);
  }
}

async function makeAttempt({ test, variables, secrets }: Material, deps: RunTestsDeps): Promise<TestOutcome> {
  const { live, output, deadline } = deps;
  const running = deps.runners[test.kind].run({
    test,
    variables,
    secrets,
    timeoutMs: Math.max(1, Math.ceil(deadline - performance.now())),
    signal: live.signal,
    onOutput: (source, text) => output.write(test.id, source, text),
  });
  return withinGrace(running, live);
}

/** A runner ends by itself soon after it was told to; one that does not is left behind. */
async function withinGrace(running: Promise<TestOutcome>, live: LiveRun): Promise<TestOutcome> {
  const startedAt = performance.now();
  const ended = new AbortController();
  const givenUp = async (): Promise<TestOutcome> => {
    await once(live.signal, ended.signal);
    await delay(live.cutBy() === 'executor_stopped' ? STOP_GRACE_MS : GRACE_MS, undefined, {
      signal: ended.signal,
    });
    return {
      status: 'error',
      durationMs: Math.round(performance.now() - startedAt),
      error: HUNG,
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

/** What ended the run ended the test that ran, whatever that made of it; one that was through before keeps its result. */
function endOf(outcome: TestOutcome, live: LiveRun): Pick<Made, 'status' | 'error'> {
  const { status, error } = outcome;
  const why = live.cutBy();
  if (why === undefined || status === 'passed' || status === 'failed') return { status, error };
  return ENDED_BY[why];
}

const ENDED_BY: Readonly<Record<RunCut, Pick<Made, 'status' | 'error'>>> = {
  cancelled: { status: 'cancelled', error: { code: 'cancelled', message: 'the run was cancelled' } },
  timeout: {
    status: 'timeout',
    error: { code: 'job_timeout', message: 'the time of the whole job was up' },
  },
  executor_stopped: {
    status: 'error',
    error: { code: 'executor_stopped', message: 'the executor was stopped' },
  },
};
const CUT_CODES: ReadonlySet<string> = new Set(['cancelled', 'job_timeout', 'executor_stopped']);
const HUNG: CheckError = { code: 'runner_hung', message: 'the test did not end when it was told to' };

function sentence(at: string, { name, status, durationMs, attempts, error }: TestResult): string {
  const tries = attempts > 1 ? ` at attempt ${attempts}` : '';
  const why = error === undefined ? '' : `: ${error.message}`;
  return `${at}: ${name} ${status}${tries}${attempts > 0 ? ` after ${durationMs} ms` : ''}${why}`;
}

/** Rejects when `ended` comes first. */
function once(signal: AbortSignal, ended: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    ended.addEventListener(
      'abort',
      () => {
        signal.removeEventListener('abort', onAbort);
        reject(ended.reason as Error);
      },
      { once: true },
    );
  });
}
