import type { RunCut, TestKind, TestResult } from '@tocsin/monitoring';
import type { TestMaterial, TestOutcome, TestRunner } from '../tests/test-runner.js';
import { untilAborted } from '../until-aborted.js';
import type { LiveRun } from './live-runs.js';
import type { RunArtifacts } from './run-artifacts.store.js';
import { TEST_GONE } from './run-error.js';
import type { RunOutput } from './run-output.stream.js';
import type { Material } from './test-material.request.js';
import { withinGrace } from './within-grace.js';

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
  let isOurs = false;
  for (const [index, { testId, material }] of tests.entries()) {
    const at = `test ${index + 1} of ${tests.length}`;
    // Of a test that is gone no more is known than its id.
    const { name = testId, kind = 'api', revision = 0 }: Partial<TestMaterial> = material?.test ?? {};
    if (material !== undefined && !live.signal.aborted) output.note(testId, `${at}: ${name}`);
    const made = await make(material, retries, deps);
    // What kept us from looking until the time was up is an error of ours, and no timeout of the site.
    isOurs ||= made.status === 'error' && !isCut(made) && live.signal.aborted;
    wasCut ||= isCut(made) || (made.status === 'skipped' && !isOurs);
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
      const folder = isLast ? id : `${id}/attempt-${attempt}`;
      // A process that is being stopped has no time for it.
      if (!live.stopping.aborted)
        await untilAborted(deps.artifacts.store(id, folder, outcome.files), live.stopping);
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

/** What ended the run ended the test that ran, whatever that made of it; one that was through before keeps its result. */
function endOf(outcome: TestOutcome, live: LiveRun): Pick<Made, 'status' | 'error'> {
  const { status, error } = outcome;
  const why = live.cutBy();
  if (why === undefined || status === 'passed' || status === 'failed') return { status, error };
  if (why === 'timeout' && status === 'error') return { status, error };
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
const CUT_CODES: ReadonlySet<string> = new Set(Object.values(ENDED_BY).map(({ error }) => error?.code ?? ''));
const isCut = ({ error }: Made): boolean => error !== undefined && CUT_CODES.has(error.code);

function sentence(at: string, { name, status, durationMs, attempts, error }: TestResult): string {
  const tries = attempts > 1 ? ` at attempt ${attempts}` : '';
  const why = error === undefined ? '' : `: ${error.message}`;
  return `${at}: ${name} ${status}${tries}${attempts > 0 ? ` after ${durationMs} ms` : ''}${why}`;
}
