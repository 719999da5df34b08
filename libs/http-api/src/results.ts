import { STATUSES } from '@tocsin/monitoring';
import { z } from 'zod';
import { checkError, id, instant, instantInput, token } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const status = z.enum(STATUSES);
export const outcome = z.enum(['up', 'degraded', 'down', 'error']);

export const ms = z.number().nonnegative();

export const resultView = z
  .object({
    slot: instant,
    outcome,
    latencyMs: ms,
    location: z.string(),
    error: checkError.nullable(),
    startedAt: instant,
    finishedAt: instant,
    timings: z.object({
      dnsMs: ms.optional(),
      connectMs: ms.optional(),
      tlsMs: ms.optional(),
      firstByteMs: ms.optional(),
      totalMs: ms,
    }),
    attempts: z.int().nonnegative(),
    observed: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    certificate: z
      .object({
        subject: z.string(),
        issuer: z.string(),
        altNames: z.array(z.string()),
        serialNumber: z.string(),
        fingerprint256: z.string(),
        validFrom: instant,
        validTo: instant,
        daysRemaining: z.int(),
        valid: z.boolean(),
        warnDays: z.int().nonnegative(),
      })
      .nullable(),
    trigger: z.enum(['schedule', 'catch_up', 'first', 'manual', 'received', 'deadline']),
  })
  .meta({ id: 'Result' });

export const resultListQuery = z.strictObject({
  ...pageQuery,
  from: instantInput.optional(),
  to: instantInput.optional(),
  outcome: outcome.optional(),
  location: token.optional(),
});
export const resultPage = pageOf(resultView);
export const resultCursor = cursorFor('results', z.tuple([instant, token]));

export const statusChangeView = z
  .object({ from: status, to: status, reason: z.string(), changedAt: instant, slot: instant.nullable() })
  .meta({ id: 'StatusChange' });
export const statusHistoryQuery = z.strictObject({
  ...pageQuery,
  from: instantInput.optional(),
  to: instantInput.optional(),
});
export const statusHistoryPage = pageOf(statusChangeView);
export const statusHistoryCursor = cursorFor('status-history', z.tuple([instant, id]));

export type ResultView = z.output<typeof resultView>;
export type StatusChangeView = z.output<typeof statusChangeView>;
