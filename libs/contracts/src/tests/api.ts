import { z } from 'zod';
import { headerName, jsonPath, METHODS } from '../kinds/http-request.js';
import { parseStatusCodes } from '../kinds/status-codes.js';

/** Text in which `{{NAME}}` stands for a variable: of the project, of the scenario, or extracted by a step before. */
const template = (max: number) => z.string().max(max);

const extractedName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _, not beginning with a digit');

/** Takes a value out of the answer and gives it a name for the steps that follow. */
const extraction = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('json'), path: jsonPath, as: extractedName }),
  z.strictObject({ from: z.literal('header'), header: headerName, as: extractedName }),
  z.strictObject({ from: z.literal('body'), as: extractedName }),
  z.strictObject({ from: z.literal('status'), as: extractedName }),
]);

const scalar = z.union([template(4_000), z.number(), z.boolean(), z.null()]);

const assertion = z.discriminatedUnion('that', [
  z.strictObject({
    that: z.literal('status'),
    /** `200`, `2xx`, `200-299` or a list of these */
    is: z
      .string()
      .max(200)
      .refine((codes) => parseStatusCodes(codes) !== undefined, 'must be like 200-299, 2xx or 200,301,404'),
  }),
  z.strictObject({
    that: z.literal('header'),
    header: headerName,
    is: z.enum(['present', 'absent', 'equal', 'containing']),
    value: template(4_000).optional(),
  }),
  z.strictObject({
    that: z.literal('json'),
    path: jsonPath,
    /** at least one of what the path selects must be so; `not_equal` and `absent`: none may */
    is: z.enum(['present', 'absent', 'equal', 'not_equal', 'containing', 'less_than', 'greater_than']),
    value: scalar.optional(),
  }),
  z.strictObject({
    that: z.literal('body'),
    is: z.enum(['containing', 'not_containing']),
    value: template(4_000),
  }),
  /** milliseconds until the whole answer was there, redirects included */
  z.strictObject({ that: z.literal('time'), atMostMs: z.int().min(1).max(120_000) }),
]);

const step = z.strictObject({
  name: z.string().trim().min(1).max(255),
  method: z.enum(METHODS).default('GET'),
  url: template(2_048).min(1),
  headers: z
    .record(headerName, template(4_000))
    .refine((headers) => Object.keys(headers).length <= 50, 'at most 50 headers')
    .default({}),
  body: template(100_000).optional(),
  followRedirects: z.boolean().default(true),
  tlsVerify: z.boolean().default(true),
  timeoutSeconds: z.int().min(1).max(120).default(30),
  extract: z.array(extraction).max(20).default([]),
  /** without one about the status, it must be 2xx */
  assert: z.array(assertion).max(50).default([]),
});

/** Requests in order, each with what must hold of its answer; the first thing that does not hold ends it. */
export const apiDefinition = z.strictObject({
  /** starting values; a variable of the project with the same name goes before */
  variables: z.record(extractedName, z.string().max(4_000)).default({}),
  steps: z.array(step).min(1).max(50),
});

export type ApiDefinition = z.output<typeof apiDefinition>;
export type ApiStep = ApiDefinition['steps'][number];
export type ApiAssertion = ApiStep['assert'][number];
export type ApiExtraction = ApiStep['extract'][number];
