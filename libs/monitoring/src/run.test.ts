import { describe, expect, it } from 'vitest';
import { type RunCut, type RunStatus, statusOfRun, type TestStatus } from './run.js';

const of = (statuses: string, cut?: RunCut): RunStatus =>
  statusOfRun(
    statuses.split(' ').flatMap((status) => (status === '' ? [] : [{ status: status as TestStatus }])),
    cut,
  );

describe('what a run came to', () => {
  it.each<[string, RunStatus]>([
    ['passed passed', 'passed'],
    ['passed failed', 'failed'],
    ['failed error', 'failed'],
    ['error timeout failed', 'failed'],
    ['passed error', 'error'],
    ['passed skipped', 'error'],
    ['', 'error'],
  ])('with tests that are [%s] is %s', (statuses, status) => {
    expect(of(statuses)).toBe(status);
  });
  it.each<[string, RunCut | undefined]>([
    ['passed timeout', undefined],
    ['error timeout', undefined],
    ['passed timeout skipped', 'timeout'],
    ['failed timeout skipped', 'timeout'],
    ['passed passed', 'timeout'],
  ])('K6: with tests that are [%s], cut by %s, is a timeout and not a failure', (statuses, cut) => {
    expect(of(statuses, cut)).toBe('timeout');
  });
  it.each<[string, RunCut, RunStatus]>([
    ['failed cancelled', 'cancelled', 'cancelled'],
    ['passed', 'cancelled', 'cancelled'],
    ['failed cancelled', 'executor_stopped', 'error'],
  ])('with tests that are [%s], cut by %s, is %s', (statuses, cut, status) => {
    expect(of(statuses, cut)).toBe(status);
  });
});
