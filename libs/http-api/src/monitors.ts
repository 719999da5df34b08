import { monitorKinds, parseTarget } from '@tocsin/contracts';
import { DomainError, type JsonObject } from '@tocsin/kernel';
import { MONITOR_KINDS, type MonitorKind, QUORUM_STRATEGIES, STATUSES } from '@tocsin/monitoring';
import { z } from 'zod';
import { alertConfigPatch, alertConfigView, monitorAlertConfig } from './alert-config.js';
import { checkError, description, flag, id, instant, instantInput, name, tags, token } from './ids.js';
import { jsonPathParserProblem } from './json-path.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

export const kind = z.enum(MONITOR_KINDS);
export const status = z.enum(STATUSES);
export const outcome = z.enum(['up', 'degraded', 'down', 'error']);

const quorum = z.union([z.enum(QUORUM_STRATEGIES), z.int().min(1)], {
  error: `must be ${QUORUM_STRATEGIES.join(', ')} or a number of locations`,
});
const locations = z
  .array(token)
  .min(1)
  .max(50)
  .refine((list) => new Set(list).size === list.length, 'must not name a location twice');

/** Without defaults: what a PATCH may name. */
const fields = {
  name,
  intervalSeconds: z.int().min(1).max(86_400),
  enabled: z.boolean(),
  locations,
  quorum,
  description: description.optional(),
  tags,
};

const targetOf = (type: MonitorKind) => {
  const target = z
    .string()
    .trim()
    .max(2_048)
    .superRefine((text, context) => {
      try {
        parseTarget(type, text);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        context.addIssue({ code: 'custom', message: error.problems[0]?.message ?? error.message });
      }
    });
  return type === 'heartbeat' || type === 'synthetic_test'
    ? target.default('')
    : target.meta({ example: 'https://example.com/' });
};

const inputOf = (type: MonitorKind) =>
  z
    .strictObject({
      ...fields,
      type: z.literal(type),
      target: targetOf(type),
      intervalSeconds: fields.intervalSeconds.default(60),
      enabled: fields.enabled.default(true),
      locations: fields.locations.default(['local']),
      quorum: fields.quorum.default('any'),
      tags: fields.tags.default([]),
      // Settings are JSON by the time they are stored, encrypted or published.
      config: (monitorKinds[type].schema as z.ZodType<JsonObject, JsonObject>).prefault({}),
      alertConfig: monitorAlertConfig.prefault({}),
    })
    .superRefine((monitor, context) => {
      const problem = pathProblem(monitor.config);
      if (problem !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['config', 'responseBodyJsonPath', 'path'],
          message: problem,
        });
      if (typeof monitor.quorum === 'number' && monitor.quorum > monitor.locations.length)
        context.addIssue({
          code: 'custom',
          path: ['quorum'],
          message: `must not exceed the number of locations (${monitor.locations.length})`,
        });
    });

function pathProblem({ responseBodyJsonPath: asked }: JsonObject): string | undefined {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return undefined;
  const { path } = asked;
  return typeof path === 'string' ? jsonPathParserProblem(path) : undefined;
}

const [first, ...others] = MONITOR_KINDS;

/** POST, and PUT of the whole: what is left out has its default again. */
export const monitorInput = z
  .discriminatedUnion('type', [inputOf(first), ...others.map(inputOf)], {
    error: (issue) =>
      issue.code === 'invalid_union' ? `must be one of ${MONITOR_KINDS.join(', ')}` : undefined,
  })
  .meta({ id: 'MonitorInput' });

/**
 * PATCH: checked here for what is wrong by itself, merged by `mergePatch` into what is stored and then parsed as
 * `monitorInput`, because target and settings depend on the type. The type of a monitor does not change.
 */
export const monitorPatch = z
  .strictObject({
    ...fields,
    description: description.nullable(),
    target: z.string().trim().max(2_048),
    config: z.record(z.string(), z.json()),
    alertConfig: alertConfigPatch,
  })
  .partial()
  .meta({ id: 'MonitorPatch' });

export const monitorView = z
  .object({
    id,
    ...fields,
    type: kind,
    target: z.string(),
    status,
    lastCheckAt: instant.nullable(),
    lastStatusChangeAt: instant.nullable(),
    config: z.record(z.string(), z.json()).meta({ description: 'settings of the kind, secrets masked' }),
    alertConfig: alertConfigView,
    heartbeatUrl: z.string().optional().meta({ description: 'where heartbeats are sent; heartbeats only' }),
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'Monitor' });

export const monitorListQuery = z.strictObject({
  ...pageQuery,
  type: kind.optional(),
  status: status.optional(),
  enabled: flag.optional(),
  tag: z.string().max(50).optional(),
  search: z.string().max(255).optional(),
});
export const monitorPage = pageOf(monitorView);
export const monitorCursor = cursorFor('monitors', z.tuple([id]));

export const runNowAnswer = z
  .object({ monitorId: id, slot: instant, locations: z.array(z.string()) })
  .meta({ id: 'CheckRequested' });

const ms = z.number().nonnegative();

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

export const STATS_PERIODS = ['24h', '7d', '30d', '90d'] as const;
export const statsQuery = z.strictObject({
  period: z.enum(STATS_PERIODS).default('24h'),
  location: token.optional(),
});

const counts = {
  checks: z.int().nonnegative(),
  up: z.int().nonnegative(),
  degraded: z.int().nonnegative(),
  down: z.int().nonnegative(),
  error: z.int().nonnegative(),
  uptimePercent: z
    .number()
    .min(0)
    .max(100)
    .nullable()
    .meta({ description: 'null without a check that counts' }),
  latencyMs: z.object({ avg: ms, min: ms, max: ms, p50: ms, p95: ms, p99: ms }).nullable(),
};

export const statsView = z
  .object({
    from: instant,
    to: instant,
    ...counts,
    bucketSeconds: z.int().positive(),
    buckets: z.array(z.object({ startAt: instant, ...counts })),
  })
  .meta({ id: 'MonitorStats' });

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

export type MonitorInput = z.output<typeof monitorInput>;
export type MonitorPatch = z.output<typeof monitorPatch>;
export type MonitorView = z.output<typeof monitorView>;
export type ResultView = z.output<typeof resultView>;
export type StatsView = z.output<typeof statsView>;
export type StatusChangeView = z.output<typeof statusChangeView>;
