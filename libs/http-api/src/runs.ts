import { ARTIFACT_KINDS, RUN_STATES, RUN_TRIGGERS, TEST_KINDS, TEST_STATUSES } from '@tocsin/monitoring';
import { z } from 'zod';
import { checkError, id, instant, instantInput, name } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const runState = z.enum(RUN_STATES);

const sentence = z.string().trim().min(1).max(2_000);

/** A sentence is enough; a code of the reporter's own goes with it when it has one. */
const reportedError = z
  .union([
    sentence,
    z.strictObject({
      code: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be snake_case')
        .default('reported'),
      message: sentence,
    }),
  ])
  .transform((error) => (typeof error === 'string' ? { code: 'reported', message: error } : error));

export const runReport = z
  .strictObject({
    status: z.enum(['passed', 'failed', 'error', 'timeout']),
    durationMs: z
      .number()
      .nonnegative()
      .max(31 * 86_400_000),
    error: reportedError.optional(),
    externalId: z.string().trim().min(1).max(255).optional(),
    slot: instantInput
      .optional()
      .meta({ description: 'when the run was due; left out: when the report arrives' }),
  })
  .meta({ id: 'RunReport' });

export const testResultView = z
  .object({
    testId: id,
    name: z.string(),
    kind: z.enum(TEST_KINDS),
    revision: z.int().nonnegative(),
    status: z.enum(TEST_STATUSES),
    durationMs: z.number().nonnegative(),
    attempts: z.int().nonnegative().meta({ description: '1 plus the retries; 0 when it never began' }),
    error: checkError.nullable(),
  })
  .meta({ id: 'TestResult' });

export const artifactView = z
  .object({
    name: z.string().meta({ example: '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8/trace.zip' }),
    kind: z.enum(ARTIFACT_KINDS),
    testId: id.nullable(),
    contentType: z.string(),
    size: z.int().nonnegative(),
    url: z.string().meta({ description: 'where it is read; not for ever, see the retention' }),
  })
  .meta({ id: 'Artifact' });

/** A run in a list. */
export const runView = z
  .object({
    runId: id,
    jobId: id,
    jobName: z.string().nullable().meta({ description: 'null once the job is deleted' }),
    slot: instant,
    status: runState,
    queuedAt: instant.nullable(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    durationMs: z.number().nonnegative().nullable(),
    error: checkError.nullable(),
    externalId: z.string().nullable(),
    trigger: z.enum(RUN_TRIGGERS),
    location: z.string().nullable(),
    testCount: z.int().nonnegative().nullable(),
    position: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'place among the queued runs of the project; null when it is not queued' }),
  })
  .meta({ id: 'Run' });

/** One run with all that is known of it. */
export const runDetail = runView
  .extend({
    tests: z.array(testResultView),
    artifacts: z.array(artifactView),
    cancelRequestedAt: instant.nullable(),
  })
  .meta({ id: 'RunDetail' });

const listed = {
  ...pageQuery,
  status: runState.optional(),
  trigger: z.enum(RUN_TRIGGERS).optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
};
/** Of one job. */
export const runListQuery = z.strictObject(listed);
/** Of all jobs. */
export const allRunsQuery = z.strictObject({ ...listed, jobId: id.optional() });
export const runPage = pageOf(runView);
export const runCursor = cursorFor('runs', z.tuple([instant, id]));

/** What the replaced product answers to a trigger, field for field. */
export const triggerAnswer = z
  .object({
    jobId: id,
    jobName: name,
    runId: id,
    status: z.enum(['queued', 'running']),
    position: z.int().min(1).nullable(),
    testCount: z.int().nonnegative(),
    triggeredBy: z.string(),
    triggeredAt: instant,
  })
  .meta({ id: 'RunTriggered' });

/** `POST /jobs/run` of the replaced product. */
export const runJobInput = z.strictObject({ jobId: id }).meta({ id: 'RunJobInput' });

/** Slots of a job that were not run. */
export const missedRunsView = z
  .object({
    fromSlot: instant,
    toSlot: instant,
    count: z.int().nonnegative(),
    reason: z.string().meta({ example: 'scheduler_was_down' }),
    recordedAt: instant,
  })
  .meta({ id: 'MissedRuns' });
export const missedRunsQuery = z.strictObject(pageQuery);
export const missedRunsPage = pageOf(missedRunsView);
export const missedRunsCursor = cursorFor('missed-runs', z.tuple([instant, id]));

export const artifactParams = z.strictObject({
  id,
  name: z.string().max(520),
});

/** What a run says while it runs: events `output` and `state` of the stream. */
export const RUN_OUTPUT_TOPICS = ['output', 'state'] as const;
export const runOutputHeaders = z.object({ 'last-event-id': z.string().max(40).optional() });
export const runOutputChunk = z
  .object({
    at: instant,
    testId: id.nullable(),
    source: z.enum(['stdout', 'stderr', 'tocsin']),
    text: z.string(),
  })
  .meta({ id: 'RunOutput' });

export type MissedRunsView = z.output<typeof missedRunsView>;
export type RunReport = z.output<typeof runReport>;
export type RunView = z.output<typeof runView>;
export type RunDetail = z.output<typeof runDetail>;
export type TriggerAnswer = z.output<typeof triggerAnswer>;
export type RunOutputChunk = z.output<typeof runOutputChunk>;
