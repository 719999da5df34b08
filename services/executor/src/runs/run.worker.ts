import type { ArtifactStore } from '@tocsin/artifacts';
import type { EventLog, WorkContext } from '@tocsin/event-log';
import { PermanentError, toMs } from '@tocsin/kernel';
import { type RunDue, statusOfRun } from '@tocsin/monitoring';
import { type Logger, type NatsHandle, startSpan } from '@tocsin/service-kit';
import type { LiveRun, LiveRuns } from './live-runs.js';
import type { RunMetrics } from './run.metrics.js';
import { createRunArtifacts } from './run-artifacts.store.js';
import type { RunClaims } from './run-claim.store.js';
import { EXECUTOR_LOST, errorOfRun, MATERIAL_UNAVAILABLE, NOT_TAKEN } from './run-error.js';
import { type RunEnd, runCompleted, runStarted } from './run-events.js';
import { createRunOutput } from './run-output.stream.js';
import { runTests, type TestOfRun, type TestRunners } from './run-tests.js';
import type { TestMaterials } from './test-material.request.js';

export interface RunWorkerDeps {
  readonly log: Pick<EventLog, 'publish'>;
  readonly nats: Pick<NatsHandle, 'current'>;
  readonly materials: TestMaterials;
  readonly runners: TestRunners;
  readonly artifacts: Pick<ArtifactStore, 'put'>;
  readonly claims: RunClaims;
  readonly live: LiveRuns;
  readonly metrics: RunMetrics;
  readonly logger: Logger;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

const POSTPONE_MS = 5_000;
/** The scheduler has given it up by then: see `decideRuns`. */
const NOT_TAKEN_AFTER_MS = 60 * 60_000;
/** Questions to the api at once. */
const ASK_AT_ONCE = 5;

type Beginning =
  | { readonly tests: readonly TestOfRun[] }
  /** it is over without having begun */
  | { readonly refusal: Pick<RunEnd, 'status' | 'error'> }
  | 'later';

/** Makes the runs that are due. Returning is the acknowledgement, so how a run ended is in the log by then. */
export function createRunWorker(deps: RunWorkerDeps): (work: WorkContext) => Promise<void> {
  const { log, materials, claims, live: liveRuns, metrics, logger, now } = deps;

  /** All of them before the first begins: a run is made of one state of its tests, and is not broken by an api that restarts. */
  async function testsOf(due: RunDue): Promise<readonly TestOfRun[] | 'cancelled' | 'unavailable'> {
    const tests: TestOfRun[] = [];
    for (let at = 0; at < due.tests.length; at += ASK_AT_ONCE) {
      const ids = due.tests.slice(at, at + ASK_AT_ONCE);
      const { project, runId, jobId } = due;
      const asked = ids.map((testId) => materials.of({ project, testId, runId, jobId }));
      for (const [index, answer] of (await Promise.all(asked)).entries()) {
        if (answer === 'cancelled' || answer === 'unavailable') return answer;
        tests.push({ testId: ids[index] ?? '', material: answer === 'missing' ? undefined : answer });
      }
    }
    return tests;
  }

  /** Whether the run is still wanted, can be made now, and was begun by nobody else. */
  async function begin({ event, deliveryCount }: WorkContext, due: RunDue, run: LiveRun): Promise<Beginning> {
    const tests = await testsOf(due);
    if (tests === 'cancelled' || run.cutBy() === 'cancelled') return { refusal: CANCELLED };
    const isTooLate = now() - toMs(event.time) > NOT_TAKEN_AFTER_MS;
    if (tests === 'unavailable')
      return isTooLate ? { refusal: { status: 'error', error: MATERIAL_UNAVAILABLE } } : 'later';
    if (run.signal.aborted) return 'later';
    if (isTooLate) return { refusal: { status: 'error', error: NOT_TAKEN } };
    const claim = await claims.claim(due.runId);
    // Where the first beginning cannot be told from the second, nothing is run twice.
    const isLost = claim === 'taken' || (claim === 'unknown' && deliveryCount > 1);
    return isLost ? { refusal: { status: 'error', error: EXECUTOR_LOST } } : { tests };
  }

  async function make(
    due: RunDue,
    run: LiveRun,
    tests: readonly TestOfRun[],
    startedAt: number,
  ): Promise<RunEnd> {
    const timeoutMs = due.timeoutSeconds * 1_000;
    const output = createRunOutput(due, deps);
    const artifacts = createRunArtifacts(due, {
      artifacts: deps.artifacts,
      logger,
      note: (testId, text) => output.note(testId, text),
      onStored: (bytes) => metrics.artifactStored(bytes),
      onFailed: () => metrics.artifactFailed(),
    });
    const deadline = performance.now() + timeoutMs;
    const timer = setTimeout(() => run.cut('timeout'), timeoutMs);
    try {
      const { runners } = deps;
      const made = await runTests(tests, due.retries, { runners, output, artifacts, live: run, deadline });
      const status = statusOfRun(made.results, made.cut);
      const error = errorOfRun(status, made.results, made.cut, due.timeoutSeconds);
      output.note(null, `the run is over: ${status}${error === undefined ? '' : `, ${error.message}`}`);
      return {
        status,
        startedAt,
        finishedAt: now(),
        error,
        tests: made.results,
        artifacts: artifacts.list(),
      };
    } finally {
      clearTimeout(timer);
      output.end();
    }
  }

  async function takeUp(work: WorkContext, due: RunDue, run: LiveRun): Promise<void> {
    const { runId, jobId } = due;
    const span = startSpan('run', {
      traceparent: work.event.traceparent,
      attributes: { 'tocsin.run_id': runId, 'tocsin.job_id': jobId, 'tocsin.location': due.location },
    });
    try {
      // 1. What it is made of
      const beginning = await begin(work, due, run);
      if (beginning === 'later') {
        metrics.postponed();
        work.retryAfter(POSTPONE_MS);
        return;
      }
      // 2. The run
      const startedAt = now();
      let end: RunEnd;
      if ('tests' in beginning) {
        await log.publish(runStarted(due, startedAt, span.traceparent));
        end = await make(due, run, beginning.tests, startedAt);
      } else {
        end = { ...beginning.refusal, startedAt, finishedAt: startedAt };
      }
      // 3. How it ended: with an id of the run, so that a repeat is the same event
      await log.publish(runCompleted(due, end, span.traceparent));
      const durationMs = end.finishedAt - end.startedAt;
      metrics.completed(end.status, durationMs / 1_000, end.tests ?? []);
      logger.info({ runId, jobId, status: end.status, code: end.error?.code, durationMs }, 'run ended');
    } finally {
      span.end();
    }
  }

  return async (work) => {
    const { event } = work;
    if (event.type !== 'RunDue') throw new PermanentError('wrong_event', `${event.type} is no run`);
    const due = event.data;
    const run = liveRuns.begin(due.runId);
    // Delivered again while it is being made here: it is over when that is.
    if (run === undefined) return liveRuns.ended(due.runId);
    try {
      await takeUp(work, due, run);
    } finally {
      run.end();
    }
  };
}

const CANCELLED: Pick<RunEnd, 'status' | 'error'> = {
  status: 'cancelled',
  error: { code: 'cancelled', message: 'the run was cancelled' },
};
