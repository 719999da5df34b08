import { ERROR_CODES, type ErrorCode } from '@tocsin/kernel';
import { createDocument } from 'zod-openapi';
import { problem, titleOf } from './problem.js';
import { type Route, routes } from './routes.js';

export interface DocumentOptions {
  readonly version: string;
  /** where the api is reached, without `/api/v1` */
  readonly serverUrl: string;
}

export type OpenApiDocument = ReturnType<typeof createDocument>;

const BEARER = { type: 'http', scheme: 'bearer' } as const;
const SESSION = { type: 'apiKey', in: 'cookie', name: '__Host-tocsin' } as const;

/** The OpenAPI 3.1 document of the whole api. */
export function openApiDocument({ version, serverUrl }: DocumentOptions): OpenApiDocument {
  const paths: Record<string, Record<string, ReturnType<typeof operationOf>>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Tocsin', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: { securitySchemes: { bearer: BEARER, jobKey: BEARER, session: SESSION } },
  });
}

function operationOf(route: Route) {
  const { name, tag, summary, scope, params, query, headers, body, answer } = route;
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...accessOf(scope),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { header: headers }),
    },
    ...(body === undefined
      ? {}
      : {
          requestBody: { required: body.required, content: { [body.contentType]: { schema: body.schema } } },
        }),
    responses: { [String(answer.status)]: answerOf(answer), ...problemsOf(route.errors) },
  };
}

function accessOf(scope: Route['scope']) {
  if (scope === 'none') return { security: [] };
  if (scope === 'key') return { security: [{ jobKey: [] }], description: 'Needs a key of the job.' };
  if (scope === 'session') return { security: [{ session: [] }], description: 'Needs a session.' };
  return { description: `Needs a token with the scope \`${scope}\`.` };
}

const answerOf = ({ status, contentType, schema, headers }: Route['answer']) => ({
  description: status === 204 ? 'Done' : status === 202 ? 'Accepted' : status === 201 ? 'Created' : 'OK',
  ...(contentType === undefined || schema === undefined ? {} : { content: { [contentType]: { schema } } }),
  ...(headers === undefined ? {} : { headers }),
});

function problemsOf(codes: readonly ErrorCode[]) {
  const statuses = [...new Set(codes.map((code) => ERROR_CODES[code]))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: codes
          .filter((code) => ERROR_CODES[code] === status)
          .map((code) => titleOf(code))
          .join(', or '),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}
