import { newId } from '@tocsin/kernel';
import { describe, expect, it } from 'vitest';
import { inTurns } from './in-turns.js';
import type { TestOutcome, TestRunInput, TestRunner } from './test-runner.js';
import { createTurns } from './turns.js';

const input = (more: Partial<TestRunInput> = {}): TestRunInput => ({
  test: { id: newId(), revision: 1, name: 'x', kind: 'browser', definition: {} },
  variables: {},
  secrets: {},
  timeoutMs: 5_000,
  signal: new AbortController().signal,
  onOutput: () => undefined,
  ...more,
});

/** Ends each test when it is told to. */
function held() {
  const ends: (() => void)[] = [];
  const limits: number[] = [];
  const runner: TestRunner = {
    kind: 'browser',
    run: ({ timeoutMs }) => {
      limits.push(timeoutMs);
      return new Promise<TestOutcome>((resolve) => {
        ends.push(() =>
          resolve({ status: 'passed', durationMs: 1, files: [], dispose: () => Promise.resolve() }),
        );
      });
    },
  };
  return { runner, ends, limits };
}

describe('a runner with few places', () => {
  it('lets others wait, within the time of their test', async () => {
    const { runner, ends, limits } = held();
    const { run } = inTurns(runner, createTurns(1));
    const first = run(input());
    await expect.poll(() => ends.length).toBe(1);
    const second = run(input({ timeoutMs: 1_000 }));
    const late = await run(input({ timeoutMs: 50 }));
    expect(late).toMatchObject({ status: 'error', error: { code: 'no_room' } });
    ends[0]?.();
    expect((await first).status).toBe('passed');
    await expect.poll(() => ends.length).toBe(2);
    expect(limits[1]).toBeLessThan(1_000);
    ends[1]?.();
    expect((await second).status).toBe('passed');
  });
  it('lets who waits be cancelled', async () => {
    const { runner, ends } = held();
    const { run } = inTurns(runner, createTurns(1));
    void run(input());
    await expect.poll(() => ends.length).toBe(1);
    const stop = new AbortController();
    const waiting = run(input({ signal: stop.signal }));
    stop.abort();
    expect((await waiting).status).toBe('cancelled');
  });
});
