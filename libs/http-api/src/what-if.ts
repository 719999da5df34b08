import { ALERT_TYPES } from '@tocsin/alerting';
import { isTimeZone } from '@tocsin/monitoring';
import { z } from 'zod';
import { alertConfigPatch } from './alert-config.js';
import { id, instant } from './ids.js';

export const WHAT_IF_MOST_DAYS = 90;

/** A page of a console asks for one, a command for all: whom is said once. */
const WHOM = ['monitors', 'jobs', 'tag', 'all'] as const;

export const whatIfInput = z
  .strictObject({
    alertConfig: alertConfigPatch.meta({ description: 'the fields that are to be otherwise' }),
    monitors: z.array(id).min(1).max(1_000).optional(),
    jobs: z.array(id).min(1).max(1_000).optional(),
    tag: z.string().min(1).max(50).optional(),
    all: z.literal(true).optional(),
    days: z.int().min(1).max(WHAT_IF_MOST_DAYS).default(30),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
      .default('UTC')
      .meta({ description: 'whose nights, 22 to 7, are counted' }),
  })
  .superRefine((input, context) => {
    const named = WHOM.filter((name) => input[name] !== undefined);
    const isTargets = named.every((name) => name === 'monitors' || name === 'jobs');
    if (named.length === 0 || (named.length > 1 && !isTargets))
      context.addIssue({
        code: 'custom',
        path: ['monitors'],
        message: 'name monitors and jobs, or a tag, or say all',
      });
  })
  .meta({ id: 'WhatIf' });

const count = z.int().nonnegative();

export const episodeView = z
  .object({
    alertId: id,
    type: z.enum(ALERT_TYPES),
    since: instant,
    raisedAt: instant,
    pagedAt: instant.nullable().meta({ description: 'when people were called; null when they were not' }),
    untold: z.string().nullable().meta({ description: 'why they were not' }),
    resolvedAt: instant.nullable(),
    resolvedReason: z.string().nullable(),
  })
  .meta({ id: 'AlertEpisode' });

const sum = z
  .object({
    alerts: count,
    pages: count.meta({ description: 'times that people were called' }),
    pagesAtNight: count,
    pagesPerNight: z.number().nonnegative(),
    detectionDelayMs: z
      .object({ mean: z.number().nonnegative(), max: z.number().nonnegative() })
      .nullable()
      .meta({ description: 'from the first failing check to the alert' }),
  })
  .meta({ id: 'AlertSum' });

const numbers = { added: count, removed: count, changed: count, same: count };

export const whatIfTarget = z
  .object({
    targetId: id,
    targetKind: z.enum(['monitor', 'job']),
    targetName: z.string(),
    ...numbers,
    before: sum,
    after: sum,
    /** what could be found out of the period */
    coveredFrom: instant.nullable().meta({ description: 'from when on anything is known; null: nothing is' }),
    exactFrom: instant.nullable().meta({
      description: 'before it the answer is an estimate; null when all of it is exact',
    }),
    estimatedHours: count,
    differsFromHistory: count.meta({
      description: 'alerts in which the past decided anew differs from the alerts that were raised',
    }),
    alerts: z.object({
      added: z.array(episodeView),
      removed: z.array(z.object({ before: episodeView, within: id.nullable() })),
      changed: z.array(z.object({ before: episodeView, after: episodeView })),
    }),
  })
  .meta({ id: 'WhatIfTarget' });

export const whatIfAnswer = z
  .object({
    from: instant,
    to: instant,
    timeZone: z.string(),
    /** how much was gone through */
    targetCount: count,
    results: count.meta({ description: 'checks and runs that the answer rests on' }),
    resultsRead: count.meta({ description: 'of those, the ones looked at one by one' }),
    tookMs: z.number().nonnegative(),
    unfinished: count.meta({ description: 'targets that the time allowed was not enough for' }),
    totals: z.object({ ...numbers, before: sum, after: sum, estimatedTargets: count }),
    baseline: z.object({ differsFromHistory: count }),
    nights: z.array(z.object({ night: z.string(), before: count, after: count })),
    targets: z.array(whatIfTarget).meta({ description: 'those with a difference first' }),
    notes: z.array(z.string()).meta({ description: 'what is to be known about the answer' }),
  })
  .meta({ id: 'WhatIfAnswer' });

export type WhatIfInput = z.output<typeof whatIfInput>;
export type EpisodeView = z.output<typeof episodeView>;
export type WhatIfTarget = z.output<typeof whatIfTarget>;
export type WhatIfAnswer = z.output<typeof whatIfAnswer>;
