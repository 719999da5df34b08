import { setTimeout as delay } from 'node:timers/promises';
import type { SyntheticTestConfig } from '@tocsin/contracts';
import { assertNever } from '@tocsin/kernel';
import type { Outcome } from '@tocsin/monitoring';
import { MATERIAL_UNAVAILABLE, TEST_GONE } from '../../runs/run-error.js';
import type { TestRunners } from '../../runs/run-tests.js';
import type { TestMaterials } from '../../runs/test-material.request.js';
import type { TestOutcome } from '../../tests/test-runner.js';
import type { Probe, ProbeResult } from '../probe.js';

export interface SyntheticTestDeps {
  readonly materials: TestMaterials;
  readonly runners: TestRunners;
}

/** A check that is a test: up when it passes. What it says and leaves behind is not kept, that is for runs. */
export function syntheticTestProbe({ materials, runners }: SyntheticTestDeps): Probe<SyntheticTestConfig> {
  return {
    kind: 'synthetic_test',
    async run({ project, config, timeoutMs, signal }) {
      const startedAt = performance.now();
      const tookMs = () => Math.round(performance.now() - startedAt);
      const material = await materials.of({ project, testId: config.testId });
      if (typeof material === 'string')
        return {
          outcome: 'error',
          timings: { totalMs: tookMs() },
          observed: {},
          error: material === 'missing' ? TEST_GONE : MATERIAL_UNAVAILABLE,
        };
      const { test, variables, secrets } = material;
      const observed = { testRevision: test.revision, testKind: test.kind };
      const late = new AbortController();
      const stop = AbortSignal.any([signal, late.signal]);
      const running = runners[test.kind].run({
        test,
        variables,
        secrets,
        timeoutMs: Math.max(1, timeoutMs - tookMs()),
        signal: stop,
        onOutput: () => undefined,
      });
      // A browser takes a while to be ended for sure; the check does not wait for that.
      void running.then((outcome) => outcome.dispose());
      const timer = new AbortController();
      const inTime = delay(timeoutMs - tookMs(), undefined, { signal: timer.signal }).then(() => undefined);
      const outcome = await Promise.race([running, inTime]);
      timer.abort();
      inTime.catch(() => undefined);
      if (outcome === undefined) late.abort();
      return { ...resultOf(outcome, timeoutMs), timings: { totalMs: tookMs() }, observed };
    },
  };
}

type Judged = Pick<ProbeResult, 'outcome' | 'error'>;

function resultOf(outcome: TestOutcome | undefined, timeoutMs: number): Judged {
  if (outcome === undefined)
    return {
      outcome: 'down',
      error: { code: 'timeout', message: `the test took more than ${timeoutMs} ms` },
    };
  return { outcome: meaningOf(outcome.status), error: outcome.error };
}

function meaningOf(status: TestOutcome['status']): Outcome {
  switch (status) {
    case 'passed':
      return 'up';
    case 'failed':
    case 'timeout':
      return 'down';
    case 'error':
    case 'cancelled':
      return 'error';
    default:
      return assertNever(status);
  }
}
