import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { activeFields } from './common.js';
import { jsonPathProblem } from './json-path.js';
import { parseStatusCodes } from './status-codes.js';

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;

/** They frame the message on the wire, which is the checker's business. */
const FRAMING = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be a header name')
  .refine((name) => !FRAMING.has(name.toLowerCase()), 'this header is set by the checker itself');

const headerValue = z
  .string()
  .max(4_000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of Latin-1 text');

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('basic'),
    username: z.string().max(255),
    password: z.string().max(1_000),
  }),
  z.strictObject({ type: z.literal('bearer'), token: z.string().min(1).max(8_000) }),
]);

export const jsonPath = z
  .string()
  .max(500)
  .superRefine((path, context) => {
    const problem = jsonPathProblem(path);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** Shared with `website`, which adds what is about certificates. */
export const httpFields = {
  method: z.enum(METHODS).default('GET'),
  headers: z
    .record(headerName, headerValue)
    .refine((headers) => Object.keys(headers).length <= 50, 'at most 50 headers')
    .default({}),
  body: z.string().max(100_000).optional(),
  auth: auth.default({ type: 'none' }),
  /** `200`, `2xx`, `200-299` or a list of these */
  expectedStatusCodes: z
    .string()
    .max(200)
    .refine((codes) => parseStatusCodes(codes) !== undefined, 'must be like 200-299, 2xx or 200,301,404')
    .default('200-299'),
  /** looked for in the first MiB, whatever its case */
  keywordInBody: z.string().min(1).max(1_000).optional(),
  keywordInBodyShouldBePresent: z.boolean().default(true),
  /** at least one of what the RFC 9535 path selects must have this value; `"200"` and `200` are the same */
  responseBodyJsonPath: z
    .strictObject({
      path: jsonPath,
      expectedValue: z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]),
    })
    .optional(),
  /** an answer that takes longer is degraded */
  maxResponseTimeMs: z.int().min(1).max(120_000).optional(),
  followRedirects: z.boolean().default(true),
  maxRedirects: z.int().min(0).max(10).default(5),
  tlsVerify: z.boolean().default(true),
  ...activeFields(30),
};

const schema = z.strictObject(httpFields);

export type HttpRequestConfig = z.output<typeof schema>;

export const httpRequestConfig: ConfigSchema<HttpRequestConfig> = { schema, secretPaths: httpSecretPaths };

export function httpSecretPaths(config: HttpRequestConfig): readonly (readonly string[])[] {
  const headers = sensitiveHeaders(config.headers).map((name) => ['headers', name]);
  if (config.auth.type === 'basic') return [['auth', 'password'], ...headers];
  if (config.auth.type === 'bearer') return [['auth', 'token'], ...headers];
  return headers;
}

/** Names of headers whose values are credentials, as far as names can tell. */
export function sensitiveHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(headers).filter((name) => /cookie|token|secret|key|auth|password/i.test(name));
}
