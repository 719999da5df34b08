import { monitorKinds, parseTarget } from '@tocsin/contracts';
import { DomainError, type JsonObject } from '@tocsin/kernel';
import {
  LONGEST_HEARTBEAT_SECONDS,
  longestIntervalSeconds,
  MONITOR_KINDS,
  type MonitorKind,
  QUORUM_STRATEGIES,
  STATUSES,
} from '@tocsin/monitoring';
import { z } from 'zod';
import { alertConfigPatch, alertConfigView, monitorAlertConfig } from './alert-config.js';
import { description, flag, id, instant, managedBy, name, tags, token } from './ids.js';
import { jsonPathParserProblem } from './json-path.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';
import { repeated, severalOf } from './several.js';

export const kind = z.enum(MONITOR_KINDS);
export const status = z.enum(STATUSES);

const quorum = z.union([z.enum(QUORUM_STRATEGIES), z.int().min(1)], {
  error: `must be ${QUORUM_STRATEGIES.join(', ')} or a number of locations`,
});
const locations = z
  .array(token)
  .min(1)
  .max(50)
  .refine((list) => new Set(list).size === list.length, 'must not name a location twice');

const interval = (longest: number) =>
  z
    .int()
    .min(1)
    .max(
      longest,
      `must be at most ${longest} seconds (${longest / 86_400} ${longest > 86_400 ? 'days' : 'day; only heartbeats may be further apart'})`,
    );

/** Without defaults: what a PATCH may name. */
const fields = {
  name,
  intervalSeconds: interval(LONGEST_HEARTBEAT_SECONDS),
  enabled: z.boolean(),
  locations,
  quorum,
  description: description.optional(),
  tags,
  managedBy,
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
      intervalSeconds: interval(longestIntervalSeconds(type)).default(60),
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
    lastLatencyMs: z.number().nonnegative().nullable(),
    uptime24h: z
      .number()
      .min(0)
      .max(100)
      .nullable()
      .meta({ description: 'percent of the checks that count, a minute or so behind; null without one' }),
    config: z.record(z.string(), z.json()).meta({ description: 'settings of the kind, secrets masked' }),
    alertConfig: alertConfigView,
    heartbeatUrl: z.string().optional().meta({ description: 'where heartbeats are sent; heartbeats only' }),
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'Monitor' });

export const MONITOR_SORTS = ['name', 'status', 'lastCheckAt', 'createdAt'] as const;
export type MonitorSort = (typeof MONITOR_SORTS)[number];

export const monitorListQuery = z.strictObject({
  ...pageQuery,
  type: severalOf(kind, `of ${MONITOR_KINDS.join(', ')}`).optional(),
  status: severalOf(status, `of ${STATUSES.join(', ')}`).optional(),
  enabled: flag.optional(),
  tag: repeated(z.string().max(50)).optional(),
  search: z.string().max(255).optional().meta({ description: 'part of the name or the target' }),
  managedBy: token.optional(),
  sort: z.enum(MONITOR_SORTS).default('createdAt').meta({ description: '`status`: the worst first' }),
  order: z.enum(['asc', 'desc']).default('asc'),
});
export const monitorPage = pageOf(monitorView);

/** A cursor says how the list was sorted: it goes on with that list and no other. */
export const monitorCursors = {
  createdAt: cursorFor('monitors', z.tuple([id])),
  name: cursorFor('monitors-by-name', z.tuple([z.string(), id])),
  status: cursorFor('monitors-by-status', z.tuple([z.int(), z.string(), id])),
  lastCheckAt: cursorFor('monitors-by-last-check', z.tuple([instant, id])),
};

export const runNowAnswer = z
  .object({ monitorId: id, slot: instant, locations: z.array(z.string()) })
  .meta({ id: 'CheckRequested' });

export type MonitorInput = z.output<typeof monitorInput>;
export type MonitorPatch = z.output<typeof monitorPatch>;
export type MonitorListQuery = z.output<typeof monitorListQuery>;
export type MonitorView = z.output<typeof monitorView>;
