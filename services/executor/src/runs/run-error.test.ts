import type { RunCut, RunStatus, TestResult, TestStatus } from '@tocsin/monitoring';
import { describe, expect, it } from 'vitest';
import { errorOfRun } from './run-error.js';

const test = (name: string, status: TestStatus, message?: string): TestResult => ({
  testId: '0198b1f4-0000-7000-8000-000000000001',
  name,
  kind: 'api',
  revision: 1,
  status,
  durationMs: 1,
  attempts: 1,
  ...(message === undefined ? {} : { error: { code: `${name}_code`, message } }),
});
const of = (status: RunStatus, tests: TestResult[], cut?: RunCut) => errorOfRun(status, tests, cut, 60);

describe('why a run is not passed', () => {
  it('is the first test that came to the same, and how many more did', () => {
    const tests = [
      test('a', 'error', 'no way'),
      test('b', 'failed', 'was 500'),
      test('c', 'failed', 'was 404'),
    ];
    expect(of('failed', tests)).toEqual({ code: 'b_code', message: 'b (and 1 more): was 500' });
    expect(of('error', tests)).toEqual({ code: 'a_code', message: 'a: no way' });
    expect(of('timeout', [test('a', 'timeout')])).toEqual({ code: 'test_timeout', message: 'a: timeout' });
  });
  it('is nothing when it is', () => {
    expect(of('passed', [test('a', 'passed')])).toBeUndefined();
  });
  it('is that there was nothing to test', () => {
    expect(of('error', [])?.code).toBe('no_tests');
  });
  it.each<[RunCut, string, string]>([
    ['cancelled', 'cancelled', 'was cancelled'],
    ['timeout', 'job_timeout', 'more than the 60 s'],
    ['executor_stopped', 'executor_stopped', 'run it again'],
  ])('is what ended it early: %s', (cut, code, message) => {
    expect(of('failed', [test('a', 'failed', 'x')], cut)).toEqual({
      code,
      message: expect.stringContaining(message),
    });
  });
});
