import { addressOf, type QueryValues } from './address.js';
import { apiErrorOf, unreachable } from './api-error.js';
import type { AnswerOf, OptionsOf } from './endpoint.js';
import { type EndpointName, type Endpoints, endpoints } from './endpoints.js';

interface AnyOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: QueryValues;
  readonly body?: unknown;
  readonly revision?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

type AnyCall = { readonly signal?: AbortSignal };
type NoneRequired<Options> = AnyCall extends Options ? true : false;
export type CallArguments<Name extends EndpointName> =
  NoneRequired<OptionsOf<Endpoints[Name]>> extends true
    ? [options?: OptionsOf<Endpoints[Name]>]
    : [options: OptionsOf<Endpoints[Name]>];

/**
 * Calls a route by its name.
 * @throws ApiError with the problem the api answered, or `unreachable`
 */
export async function call<Name extends EndpointName>(
  name: Name,
  ...[options]: CallArguments<Name>
): Promise<AnswerOf<Endpoints[Name]>> {
  const { method, path } = endpoints[name];
  const { params, query, body, revision, signal } = (options ?? {}) as AnyOptions;
  const response = await fetch(addressOf(path, params, query), {
    method: method.toUpperCase(),
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted ? error : unreachable();
  });
  const answer = await jsonOf(response);
  if (!response.ok) throw apiErrorOf(response.status, answer);
  return answer as AnswerOf<Endpoints[Name]>;
}

async function jsonOf(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  try {
    return (await response.json()) as unknown;
  } catch {
    return undefined;
  }
}
