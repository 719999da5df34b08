import type { Instant } from '@tocsin/kernel';
import type { CheckError } from './outcome.js';

export const TEST_KINDS = ['browser', 'api'] as const;
export type TestKind = (typeof TEST_KINDS)[number];

export const FINISHED_RUN_STATUSES = ['passed', 'failed', 'error', 'timeout', 'cancelled'] as const;
/**
 * How a run ended. `failed`: a test found what it should not. `timeout`: the tests took too long. `error`: the run could not
 * be made (our executor, our bug); it says nothing about what was tested. `cancelled`: somebody stopped it.
 */
export type RunStatus = (typeof FINISHED_RUN_STATUSES)[number];

export const RUN_STATES = ['queued', 'running', ...FINISHED_RUN_STATUSES] as const;
/** What a run is now. */
export type RunState = (typeof RUN_STATES)[number];

export const RUN_TRIGGERS = ['schedule', 'catch_up', 'manual', 'remote', 'reported'] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];
/** Of runs that an executor makes. */
export type MadeRunTrigger = Exclude<RunTrigger, 'reported'>;

export const TEST_STATUSES = [...FINISHED_RUN_STATUSES, 'skipped'] as const;
/** `skipped`: the run ended before its turn. */
export type TestStatus = (typeof TEST_STATUSES)[number];

/** What one test of a run came to. */
export interface TestResult {
  readonly testId: string;
  readonly name: string;
  readonly kind: TestKind;
  /** of the test that ran */
  readonly revision: number;
  readonly status: TestStatus;
  /** retries included, milliseconds */
  readonly durationMs: number;
  /** 1 plus the retries that were needed; 0 when it never began */
  readonly attempts: number;
  readonly error?: CheckError | undefined;
}

export const ARTIFACT_KINDS = ['report', 'trace', 'screenshot', 'video', 'console', 'other'] as const;
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/** Something a run left behind: kept outside the log, for a limited time. */
export interface Artifact {
  /** path within the run, e.g. `<test id>/trace.zip` */
  readonly name: string;
  readonly kind: ArtifactKind;
  /** absent: of the run as a whole */
  readonly testId?: string | undefined;
  readonly contentType: string;
  /** bytes */
  readonly size: number;
}

interface RunBase {
  readonly jobId: string;
  readonly project: string;
  readonly runId: string;
  /** when it was due, asked for or reported for */
  readonly slot: Instant;
}

/** A run that is due now: the work item of an executor. */
export interface RunDue extends RunBase {
  readonly location: string;
  readonly trigger: MadeRunTrigger;
  /** ids, in order */
  readonly tests: readonly string[];
  /** the whole run ends by then */
  readonly timeoutSeconds: number;
  /** how often a test that did not pass is tried again */
  readonly retries: number;
  readonly configRevision: number;
}

export interface RunQueued extends RunBase {
  readonly queuedAt: Instant;
  readonly trigger: MadeRunTrigger;
  readonly testCount: number;
  readonly location: string;
}

export interface RunStarted extends RunBase {
  readonly startedAt: Instant;
  readonly location: string;
  /** it has ended by then, whatever happens */
  readonly deadlineAt: Instant;
  readonly trigger: MadeRunTrigger;
}

/** One finished execution of a job. */
export interface RunCompleted extends RunBase {
  readonly status: RunStatus;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly durationMs: number;
  readonly error?: CheckError | undefined;
  /** the reporter's own name for the run, e.g. a CI build number */
  readonly externalId?: string | undefined;
  readonly trigger: RunTrigger;
  /** in order; empty for a reported run */
  readonly tests: readonly TestResult[];
  readonly artifacts: readonly Artifact[];
  /** absent: it ran elsewhere, or not at all */
  readonly location?: string | undefined;
}

export type RunMissedReason = 'scheduler_was_down' | 'still_running' | 'queue_full';

/** Slots of a job that were never run: recorded, never counted. */
export interface RunMissed {
  readonly jobId: string;
  readonly project: string;
  readonly firstSlot: Instant;
  readonly lastSlot: Instant;
  readonly count: number;
  readonly reason: RunMissedReason;
}

/** Why a run ended before its tests did. */
export type RunCut = 'cancelled' | 'timeout' | 'executor_stopped';

/**
 * What a run came to. Whoever ended it early says so; else the worst of what its tests found, where what a test found
 * of its site is worse than what kept us from looking. Nothing looked at is nothing passed.
 */
export function statusOfRun(tests: readonly Pick<TestResult, 'status'>[], cut?: RunCut): RunStatus {
  if (cut === 'cancelled' || cut === 'timeout') return cut;
  if (cut === 'executor_stopped') return 'error';
  const has = (status: TestStatus) => tests.some((test) => test.status === status);
  if (has('failed')) return 'failed';
  if (has('timeout')) return 'timeout';
  return tests.length > 0 && tests.every(({ status }) => status === 'passed') ? 'passed' : 'error';
}
