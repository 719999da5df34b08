import type { RunDetail, RunView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import type { Artifact, TestResult } from '@tocsin/monitoring';

export interface RunRow {
  readonly run_id: string;
  readonly job_id: string;
  readonly job_name: string | null;
  readonly slot: Instant;
  readonly status: RunView['status'];
  readonly queued_at: Instant | null;
  readonly started_at: Instant | null;
  readonly finished_at: Instant | null;
  readonly duration_ms: number | null;
  readonly error: RunView['error'];
  readonly external_id: string | null;
  readonly trigger: RunView['trigger'];
  readonly location: string | null;
  readonly test_count: number | null;
}

export interface RunDetailRow extends RunRow {
  readonly project: string;
  readonly tests: readonly TestResult[];
  readonly artifacts: readonly Artifact[];
  readonly cancel_requested_at: Instant | null;
}

/** @param position by run; of those that are not queued none */
export const viewOf = (row: RunRow, position: (runId: string) => number | undefined): RunView => ({
  runId: row.run_id,
  jobId: row.job_id,
  jobName: row.job_name,
  slot: row.slot,
  status: row.status,
  queuedAt: row.queued_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  durationMs: row.duration_ms,
  error: row.error,
  externalId: row.external_id,
  trigger: row.trigger,
  location: row.location,
  testCount: row.test_count,
  position: row.status === 'queued' ? (position(row.run_id) ?? null) : null,
});

/** @param base `http://host:port` by which the api is reached */
export const detailOf = (
  row: RunDetailRow,
  position: (runId: string) => number | undefined,
  base: string,
): RunDetail => ({
  ...viewOf(row, position),
  tests: row.tests.map((test) => ({ ...test, error: test.error ?? null })),
  artifacts: row.artifacts.map((artifact) => ({
    ...artifact,
    testId: artifact.testId ?? null,
    url: `${base}/api/v1/runs/${row.run_id}/artifacts/${encodeURIComponent(artifact.name)}`,
  })),
  cancelRequestedAt: row.cancel_requested_at,
});
