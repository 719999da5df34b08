import { assertNever } from '@tocsin/kernel';
import type { CheckError, RunCut, RunStatus, TestResult } from '@tocsin/monitoring';

/** A run that was taken and never ended by who took it. */
export const EXECUTOR_LOST: CheckError = {
  code: 'executor_lost',
  message: 'the run cannot be finished: the executor that ran it ended',
};

export const NOT_TAKEN: CheckError = {
  code: 'not_taken',
  message:
    'no executor had room for the run within an hour; start more executors or raise TOCSIN_RUN_CONCURRENCY',
};

export const TEST_GONE: CheckError = {
  code: 'test_gone',
  message: 'the test does not exist any more; take it out of the job',
};

export const MATERIAL_UNAVAILABLE: CheckError = {
  code: 'material_unavailable',
  message: 'the test could not be had from the api; see whether the api runs and answers',
};

/** Why a run is not passed, in one sentence; undefined when it is. */
export function errorOfRun(
  status: RunStatus,
  tests: readonly TestResult[],
  cut: RunCut | undefined,
  timeoutSeconds: number,
): CheckError | undefined {
  switch (cut) {
    case 'cancelled':
      return { code: 'cancelled', message: 'the run was cancelled' };
    case 'timeout':
      return {
        code: 'job_timeout',
        message: `the run took more than the ${timeoutSeconds} s its job may take`,
      };
    case 'executor_stopped':
      return { code: 'executor_stopped', message: 'the executor that ran it was stopped; run it again' };
    case undefined:
      return ofTests(status, tests);
    default:
      return assertNever(cut);
  }
}

/** The first test that came to what the run came to, and how many others did. */
function ofTests(status: RunStatus, tests: readonly TestResult[]): CheckError | undefined {
  if (status === 'passed') return undefined;
  if (tests.length === 0) return { code: 'no_tests', message: 'the job has no tests; give it some' };
  const [first, ...others] = tests.filter((test) => test.status === status);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return {
    code: first.error?.code ?? `test_${status}`,
    message: `${first.name}${more}: ${first.error?.message ?? status}`,
  };
}
