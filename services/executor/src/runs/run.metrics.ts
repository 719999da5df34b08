import type { RunStatus, TestResult } from '@tocsin/monitoring';
import type { Metrics } from '@tocsin/service-kit';

export interface RunMetrics {
  completed(status: RunStatus, seconds: number, tests: readonly TestResult[]): void;
  postponed(): void;
  artifactStored(bytes: number): void;
  artifactFailed(): void;
}

const SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

/** @param live how many runs are being made */
export function createRunMetrics(metrics: Metrics, live: () => number): RunMetrics {
  const runs = metrics.counter({
    name: 'runs_total',
    help: 'Runs of jobs that ended here, by status',
    labels: ['status'],
  });
  const took = metrics.histogram({
    name: 'run_seconds',
    help: 'Time from a run being begun to its end',
    buckets: SECONDS,
  });
  const tests = metrics.counter({
    name: 'tests_total',
    help: 'Tests of runs, by kind and status',
    labels: ['kind', 'status'],
  });
  const postponed = metrics.counter({
    name: 'runs_postponed_total',
    help: 'Runs put off because the api could not be asked for their tests',
  });
  const bytes = metrics.counter({ name: 'artifact_bytes_total', help: 'Bytes of artifacts stored' });
  const failed = metrics.counter({
    name: 'artifact_failures_total',
    help: 'Artifacts that the storage did not take',
  });
  metrics.gauge({
    name: 'runs_in_flight',
    help: 'Runs being made now',
    collect: (gauge) => gauge.set(live()),
  });
  return {
    completed(status, seconds, made) {
      runs.inc({ status });
      took.observe(seconds);
      for (const test of made) tests.inc({ kind: test.kind, status: test.status });
    },
    postponed: () => postponed.inc(),
    artifactStored: (size) => bytes.inc(size),
    artifactFailed: () => failed.inc(),
  };
}
