import { cronProblem, isTimeZone, RUN_STATES, STATUSES } from '@tocsin/monitoring';
import { z } from 'zod';
import { alertConfigPatch, alertConfigView, jobAlertConfig } from './alert-config.js';
import { description, flag, id, instant, managedBy, name, tags, token } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const cronText = z.string().trim().max(200);
const cron = cronText
  .superRefine((text, context) => {
    const problem = cronProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .meta({ example: '*/5 * * * *', description: '5 fields, or 6 with seconds first' });

const fields = {
  name,
  enabled: z.boolean(),
  description: description.optional(),
  tags,
  /** in order; none: the job runs elsewhere and is reported */
  tests: z
    .array(id)
    .max(50)
    .refine((list) => new Set(list).size === list.length, 'must not name a test twice'),
  cron: cron.optional(),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
    .meta({ description: 'what the cron expression is read in' }),
  timeoutSeconds: z.int().min(1).max(86_400).meta({ description: 'the whole run ends by then' }),
  retries: z.int().min(0).max(5).meta({ description: 'how often a test that did not pass is tried again' }),
  allowOverlap: z.boolean().meta({ description: 'a run may begin while another is going on' }),
  location: token,
  managedBy,
};

export const jobInput = z
  .strictObject({
    ...fields,
    enabled: fields.enabled.default(true),
    tags: fields.tags.default([]),
    tests: fields.tests.default([]),
    timeZone: fields.timeZone.default('UTC'),
    timeoutSeconds: fields.timeoutSeconds.default(3_600),
    retries: fields.retries.default(0),
    allowOverlap: fields.allowOverlap.default(false),
    location: fields.location.default('local'),
    alertConfig: jobAlertConfig.prefault({}),
  })
  .superRefine((job, context) => {
    if (job.cron !== undefined && job.tests.length === 0)
      context.addIssue({
        code: 'custom',
        path: ['tests'],
        message: 'a job with a cron needs at least one test',
      });
  })
  .meta({ id: 'JobInput' });

/** Merged by `mergePatch` into what is stored, then parsed as `jobInput`. */
export const jobPatch = z
  .strictObject({
    ...fields,
    description: description.nullable(),
    cron: cron.nullable(),
    alertConfig: alertConfigPatch,
  })
  .partial()
  .meta({ id: 'JobPatch' });

export const jobView = z
  .object({
    id,
    ...fields,
    status: z.enum(STATUSES),
    lastRunAt: instant.nullable(),
    lastRun: z
      .object({
        runId: id,
        status: z.enum(RUN_STATES),
        startedAt: instant.nullable(),
        finishedAt: instant.nullable(),
      })
      .nullable(),
    nextRuns: z.array(instant).meta({ description: 'the next five, by the cron expression' }),
    lastStatusChangeAt: instant.nullable(),
    alertConfig: alertConfigView,
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'Job' });

export const jobListQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(STATUSES).optional(),
  enabled: flag.optional(),
  tag: z.string().max(50).optional(),
  search: z.string().max(255).optional(),
  managedBy: token.optional(),
});
export const jobPage = pageOf(jobView);
export const jobCursor = cursorFor('jobs', z.tuple([id]));

/** What an expression says, while it is being written: a wrong one is an answer, not an error. */
export const cronPreviewInput = z
  .strictObject({ cron: cronText, timeZone: fields.timeZone.default('UTC') })
  .meta({ id: 'CronPreviewInput' });
export const cronPreview = z
  .object({
    nextRuns: z.array(instant),
    problem: z.string().optional().meta({ description: 'why it is no expression' }),
  })
  .meta({ id: 'CronPreview' });

export type CronPreviewInput = z.output<typeof cronPreviewInput>;
export type CronPreview = z.output<typeof cronPreview>;
export type JobInput = z.output<typeof jobInput>;
export type JobPatch = z.output<typeof jobPatch>;
export type JobView = z.output<typeof jobView>;
