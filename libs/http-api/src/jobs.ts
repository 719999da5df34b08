import { STATUSES } from '@tocsin/monitoring';
import { z } from 'zod';
import { alertConfigPatch, alertConfigView, jobAlertConfig } from './alert-config.js';
import { checkError, description, flag, id, instant, instantInput, name, tags } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const fields = { name, enabled: z.boolean(), description: description.optional(), tags };

export const jobInput = z
  .strictObject({
    ...fields,
    enabled: fields.enabled.default(true),
    tags: fields.tags.default([]),
    alertConfig: jobAlertConfig.prefault({}),
  })
  .meta({ id: 'JobInput' });

/** Merged by `mergePatch` into what is stored, then parsed as `jobInput`. */
export const jobPatch = z
  .strictObject({ ...fields, description: description.nullable(), alertConfig: alertConfigPatch })
  .partial()
  .meta({ id: 'JobPatch' });

export const jobView = z
  .object({
    id,
    ...fields,
    status: z.enum(STATUSES),
    lastRunAt: instant.nullable(),
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
});
export const jobPage = pageOf(jobView);
export const jobCursor = cursorFor('jobs', z.tuple([id]));

const runStatus = z.enum(['passed', 'failed', 'error', 'timeout']);

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
    status: runStatus,
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

export const runView = z
  .object({
    runId: id,
    jobId: id,
    slot: instant,
    status: runStatus,
    startedAt: instant,
    finishedAt: instant,
    durationMs: z.number().nonnegative(),
    error: checkError.nullable(),
    externalId: z.string().nullable(),
    trigger: z.enum(['reported']),
  })
  .meta({ id: 'Run' });

export const runListQuery = z.strictObject({
  ...pageQuery,
  status: runStatus.optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
});
export const runPage = pageOf(runView);
export const runCursor = cursorFor('runs', z.tuple([instant, id]));

export type JobInput = z.output<typeof jobInput>;
export type JobPatch = z.output<typeof jobPatch>;
export type JobView = z.output<typeof jobView>;
export type RunReport = z.output<typeof runReport>;
export type RunView = z.output<typeof runView>;
