import type { ErrorCode } from '@tocsin/kernel';
import { z } from 'zod';
import { causeHeader, dryRunHeader } from './change-headers.js';
import { ifMatchHeader } from './etag.js';
import { idParams } from './ids.js';
import type { Scope } from './tokens.js';

export interface Route {
  /** unique; the operationId of the document */
  readonly name: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** whole path, parameters in braces */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /**
   * `none`: open to anybody who can reach it; `key`: to who has a key of the job it is about; `session`: to who is signed
   * in, whatever their role
   */
  readonly scope: Scope | 'none' | 'key' | 'session';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly contentType: string; readonly required: boolean };
  readonly answer: {
    readonly status: number;
    readonly contentType?: string;
    readonly schema?: z.ZodType;
    readonly headers?: z.ZodObject;
  };
  readonly errors: readonly ErrorCode[];
}

export const BASE = '/api/v1';
const JSON_TYPE = 'application/json';

type Extra = Partial<Pick<Route, 'query' | 'headers'>> & { readonly errors?: readonly ErrorCode[] };

const idempotencyKey = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() });
export const body = (schema: z.ZodType, required = true) => ({ schema, contentType: JSON_TYPE, required });
export const json = (schema: z.ZodType, status = 200) => ({ status, contentType: JSON_TYPE, schema });
export const AUTH: readonly ErrorCode[] = [
  'unauthorized',
  'forbidden',
  'too_many_requests',
  'internal',
  'unavailable',
];
export const BODY: readonly ErrorCode[] = [
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
];
const CHANGE: readonly ErrorCode[] = ['not_found', 'precondition_failed'];

/** Tags of what only administrators may see. */
const ADMINISTRATORS = new Set(['tokens', 'users', 'audit']);

/** What is changed here is told in the log, with what it was part of. */
const TOLD = new Set([
  'monitors',
  'jobs',
  'tests',
  'variables',
  'notification-providers',
  'subscriptions',
  'alerts',
  'notifications',
  'runs',
]);

const scopeOf = (tag: string, method: Route['method']) =>
  ADMINISTRATORS.has(tag) ? 'admin' : method === 'get' ? 'read' : 'write';

export function route(
  tag: string,
  name: string,
  method: Route['method'],
  path: string,
  summary: string,
  answer: Route['answer'],
  { errors = [], ...extra }: Extra & Pick<Route, 'body'> = {},
): Route {
  const withId = path.includes('{id}');
  const checked = withId || extra.query !== undefined || extra.headers !== undefined;
  return {
    name,
    method,
    path: BASE + path,
    tag,
    summary,
    scope: scopeOf(tag, method),
    answer,
    ...(withId ? { params: idParams } : {}),
    ...extra,
    ...headersOf(tag, method, extra.headers),
    errors: [
      ...new Set<ErrorCode>([
        ...(checked ? (['validation_failed'] as const) : []),
        ...(extra.body === undefined ? [] : BODY),
        ...(withId ? (['not_found'] as const) : []),
        ...(method === 'post' ? (['conflict', 'idempotency_mismatch'] as const) : []),
        ...errors,
        ...AUTH,
      ]),
    ],
  };
}

function headersOf(
  tag: string,
  method: Route['method'],
  own: z.ZodObject | undefined,
): Pick<Route, 'headers'> {
  const headers = own ?? (method === 'post' ? idempotencyKey : undefined);
  if (method === 'get' || !TOLD.has(tag)) return headers === undefined ? {} : { headers };
  return { headers: (headers ?? z.object({})).extend(causeHeader.shape) };
}

/** By cursor, a page at a time. */
export const list = (
  tag: string,
  name: string,
  path: string,
  summary: string,
  page: z.ZodType,
  query: z.ZodObject,
) => route(tag, name, 'get', path, summary, json(page), { query, errors: ['invalid_cursor'] });

interface Resource {
  readonly tag: string;
  /** `Monitor`, as in `createMonitor` */
  readonly noun: string;
  readonly label: string;
  readonly input: z.ZodType;
  readonly patch: z.ZodType;
  readonly view: z.ZodType;
  readonly page: z.ZodType;
  readonly listQuery: z.ZodObject;
  readonly deletion?: Extra;
}

export function crud({
  tag,
  noun,
  label,
  input,
  patch,
  view,
  page,
  listQuery,
  deletion,
}: Resource): readonly Route[] {
  const one = `/${tag}/{id}`;
  const change = { headers: ifMatchHeader, errors: CHANGE };
  return [
    list(tag, `list${noun}s`, `/${tag}`, `List ${label}s`, page, listQuery),
    route(tag, `create${noun}`, 'post', `/${tag}`, `Create a ${label}`, json(view, 201), {
      body: body(input),
    }),
    route(tag, `get${noun}`, 'get', one, `Show a ${label}`, json(view)),
    route(tag, `replace${noun}`, 'put', one, `Replace a ${label} as a whole`, json(view), {
      ...change,
      headers: ifMatchHeader.extend(dryRunHeader.shape),
      body: body(input),
    }),
    route(tag, `update${noun}`, 'patch', one, `Change the named fields of a ${label}`, json(view), {
      ...change,
      body: body(patch),
    }),
    route(
      tag,
      `delete${noun}`,
      'delete',
      one,
      `Delete a ${label}`,
      { status: 204 },
      {
        ...change,
        ...deletion,
        errors: [...CHANGE, ...(deletion?.errors ?? [])],
      },
    ),
  ];
}
