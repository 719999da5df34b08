import { type NewEvent, subjects } from '@tocsin/contracts';
import { addMs, derivedId, toInstant } from '@tocsin/kernel';
import type { Artifact, CheckError, RunCompleted, RunDue, RunStatus, TestResult } from '@tocsin/monitoring';

/** Far more than any honest run needs, and all of it together far below what an event may have. */
export const MAX_TESTS = 50;
export const MAX_ARTIFACTS = 100;
const MAX_MESSAGE = 2_000;
/** With more tests than this each may say less. */
const FEW_TESTS = 10;
const MAX_MESSAGE_OF_MANY = 300;

export interface RunEnd {
  readonly status: RunStatus;
  /** milliseconds since the epoch */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly error?: CheckError | undefined;
  readonly tests?: readonly TestResult[];
  readonly artifacts?: readonly Artifact[];
}

const base = ({ jobId, project, runId, slot }: RunDue) => ({ jobId, project, runId, slot });

export function runStarted(
  due: RunDue,
  startedAt: number,
  traceparent: string | undefined,
): NewEvent<'RunStarted'> {
  const at = toInstant(startedAt);
  return {
    type: 'RunStarted',
    id: derivedId('run-started', due.runId),
    time: at,
    ...envelope(due),
    traceparent,
    data: {
      ...base(due),
      startedAt: at,
      location: due.location,
      deadlineAt: addMs(at, due.timeoutSeconds * 1_000),
      trigger: due.trigger,
    },
  };
}

export function runCompleted(
  due: RunDue,
  end: RunEnd,
  traceparent: string | undefined,
): NewEvent<'RunCompleted'> {
  // A clock set back must not make a run end before it began.
  const finishedAt = Math.max(end.startedAt, end.finishedAt);
  const tests = end.tests ?? [];
  const longest = tests.length > FEW_TESTS ? MAX_MESSAGE_OF_MANY : MAX_MESSAGE;
  const data: RunCompleted = {
    ...base(due),
    status: end.status,
    startedAt: toInstant(end.startedAt),
    finishedAt: toInstant(finishedAt),
    durationMs: finishedAt - end.startedAt,
    ...(end.error && { error: cutError(end.error, MAX_MESSAGE) }),
    trigger: due.trigger,
    tests: tests
      .slice(0, MAX_TESTS)
      .map((test) => (test.error === undefined ? test : { ...test, error: cutError(test.error, longest) })),
    artifacts: (end.artifacts ?? []).slice(0, MAX_ARTIFACTS),
    location: due.location,
  };
  return {
    type: 'RunCompleted',
    id: derivedId('run-completed', due.runId),
    time: data.finishedAt,
    ...envelope(due),
    traceparent,
    data,
  };
}

const envelope = ({ project, jobId }: RunDue) => ({
  source: 'tocsin/executor',
  natsSubject: subjects.result(project, 'job', jobId),
  entityId: jobId,
});

const cutError = ({ code, message }: CheckError, longest: number): CheckError => ({
  code,
  message: message.length > longest ? `${message.slice(0, longest - 1)}…` : message,
});
