import { z } from 'zod';
import { id, instant, instantInput } from './ids.js';

const STEPS = ['policy', 'result', 'decision', 'alert', 'plan', 'attempt', 'outcome', 'state'] as const;

/** One link of the chain from check to attempt, or the reason why there is none. */
export const explanationStep = z
  .object({
    at: instant,
    what: z.enum(STEPS),
    code: z.string().meta({ example: 'below_threshold' }),
    sentence: z.string(),
    eventId: id.nullable(),
    stream: z.string().nullable().meta({ example: 'ALERTS' }),
    subject: z.string().nullable(),
    numbers: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  })
  .meta({ id: 'ExplanationStep' });

export const notTold = z
  .object({
    providerId: id.nullable(),
    providerName: z.string().meta({ description: 'empty when it was told to nobody at all' }),
    alertId: id,
    alertEvent: z.string().meta({ example: 'alert.raised' }),
    code: z.string().meta({ example: 'provider_deleted' }),
    sentence: z.string(),
  })
  .meta({ id: 'NotTold' });

export const alertExplanation = z
  .object({
    alertId: id,
    sentence: z.string().meta({ description: 'all of it in one' }),
    steps: z.array(explanationStep).meta({ description: 'by cause, the first first' }),
    notTold: z.array(notTold),
  })
  .meta({ id: 'AlertExplanation' });

export const explanationQuery = z.strictObject({ at: instantInput.optional() });

export const targetExplanation = z
  .object({
    targetId: id,
    targetKind: z.enum(['monitor', 'job']),
    targetName: z.string(),
    at: instant,
    status: z.string(),
    sentence: z.string().meta({ description: 'why there was an alert, or none' }),
    exact: z.boolean().meta({ description: 'false when results of the time are no longer kept' }),
    openAlerts: z.array(id),
    steps: z.array(explanationStep),
    notTold: z.array(notTold),
  })
  .meta({ id: 'TargetExplanation' });

export type ExplanationStep = z.output<typeof explanationStep>;
export type NotTold = z.output<typeof notTold>;
export type AlertExplanation = z.output<typeof alertExplanation>;
export type TargetExplanation = z.output<typeof targetExplanation>;
export type ExplanationQuery = z.output<typeof explanationQuery>;
