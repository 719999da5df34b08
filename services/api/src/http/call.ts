import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '@tocsin/contracts';
import { parseInput, type Route, type Scope } from '@tocsin/http-api';
import { DomainError, type JsonValue } from '@tocsin/kernel';
import type { FastifyRequest } from 'fastify';
import type { Session } from '../people/session.store.js';
import { parseJson, refuseUnstorable } from './json-body.js';
import type { Peer } from './peer.js';
import type { Site } from './site.js';

/** Whose token or session it is. */
export interface Caller {
  /** of the token, the key or the user */
  readonly tokenId: string;
  /** of a user: the e-mail address */
  readonly name: string;
  readonly project: string;
  readonly scopes: readonly Scope[];
  /** `key`: that of a job, by which another system starts it; left out: a token */
  readonly kind?: 'key' | 'user' | undefined;
  /** address of the network it came from */
  readonly network?: string | undefined;
  /** what the change is part of, as the caller says */
  readonly cause?: string | undefined;
  /** of a user */
  readonly session?: Session | undefined;
}

/** A request whose every part has passed the schema of its route. */
export interface Call<Body = unknown, Query = unknown> {
  readonly route: Route;
  readonly caller: Caller;
  /** `{id}` of the path; empty where there is none */
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** of the caller's network */
  readonly ip: string;
  readonly peer: Peer;
  readonly site: Site;
  readonly browser: { readonly userAgent: string | undefined; readonly cookies: string | undefined };
  /** `http://host:port` by which the caller reached us */
  readonly origin: string;
  /** of method, path and body: what an idempotency key stands for */
  readonly requestHash: Buffer;
}

export interface ApiRequest extends FastifyRequest {
  call?: Call;
}

/** `@GetCall() call: Call<MonitorInput>` */
export const GetCall = createParamDecorator((_: unknown, context: ExecutionContext): Call => {
  const { call } = context.switchToHttp().getRequest<ApiRequest>();
  if (call === undefined) throw new Error('the handler has no @Endpoint');
  return call;
});

export const actorOf = ({ kind, tokenId, name, cause }: Caller): Actor => ({
  kind: kind ?? 'token',
  id: tokenId,
  name,
  ...(cause === undefined ? {} : { cause }),
});

/** @throws DomainError naming the field that is wrong */
export function readCall(
  route: Route,
  request: FastifyRequest,
  caller: Caller,
  { peer, site }: { readonly peer: Peer; readonly site: Site },
): Call {
  const { query, headers, body: raw } = request;
  // Other systems start a job with whatever their hooks send, each time something else.
  const text = typeof raw === 'string' && route.scope !== 'key' ? raw : '';
  refuseUnstorable(query, [], 'query');
  refuseDryRun(route, headers['tocsin-dry-run']);
  const params = (
    route.params === undefined ? {} : parseInput(route.params, request.params, 'params')
  ) as Record<string, string>;
  const given = (route.headers === undefined ? {} : parseInput(route.headers, headers, 'headers')) as Record<
    string,
    string | undefined
  >;
  return {
    route,
    caller: { ...caller, cause: given['tocsin-cause'] },
    id: params.id ?? '',
    params,
    query: route.query === undefined ? refuseQuery(query) : parseInput(route.query, query, 'query'),
    headers: given,
    body: bodyOf(route, headers['content-type'], text),
    ip: peer.ip,
    peer,
    site,
    browser: { userAgent: headers['user-agent'], cookies: headers.cookie },
    origin: site.origin,
    requestHash: createHash('sha256').update(`${request.method} ${request.url}\n`).update(text).digest(),
  };
}

/** Whoever asks for a dry run where there is none would have the change made. */
function refuseDryRun({ method, headers }: Route, given: unknown): void {
  const field = 'tocsin-dry-run';
  if (given === undefined || method === 'get' || Object.hasOwn(headers?.shape ?? {}, field)) return;
  const message = 'is for PUT alone: nothing was done, send it without this header to have it done';
  throw new DomainError('validation_failed', `${field}: ${message}`, [{ field, message }]);
}

function refuseQuery(query: unknown): Record<string, never> {
  const [field] = Object.keys(query ?? {});
  if (field === undefined) return {};
  const message = 'is not known here';
  throw new DomainError('validation_failed', `${field}: ${message}`, [{ field, message }]);
}

function bodyOf(route: Route, contentType: string | undefined, text: string): unknown {
  const { body } = route;
  if (body?.contentType === 'text/plain') return text;
  if (text.trim() === '')
    return body === undefined ? undefined : parseAs(route, body.required ? undefined : {});
  if (!isJson(contentType))
    throw new DomainError('unsupported_media_type', 'send the body as content-type: application/json');
  const value = parseJson(text);
  if (body !== undefined) return parseAs(route, value);
  if (JSON.stringify(value) === '{}') return undefined;
  const message = 'this route takes no body';
  throw new DomainError('validation_failed', `body: ${message}`, [{ field: 'body', message }]);
}

/** A whole that is put back as it was shown holds masks, which pass no schema: its handler fills them in first. */
const parseAs = ({ method, body }: Route, value: JsonValue | undefined): unknown =>
  method === 'put' && value !== undefined ? value : parseInput(body!.schema, value);

const isJson = (contentType: string | undefined): boolean =>
  /^application\/(?:json|merge-patch\+json)\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(contentType ?? '');
