import { EgressError } from './egress-error.js';
import { parseUrl } from './host.js';

/** One request of a chain, as it will be sent. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** override of the TLS server name; belongs to the first origin only */
  readonly servername: string | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'host'];
const ABOUT_THE_BODY = ['content-type', 'content-encoding', 'content-language', 'content-location'];

/**
 * Where a response sends us next; undefined when it does not.
 * @param secretHeaders names that must not leave the origin, besides credentials and cookies
 * @throws EgressError `redirect_refused`, `scheme_refused`, `invalid_url`
 */
export function nextHop(
  hop: Hop,
  status: number,
  location: string | undefined,
  secretHeaders: readonly string[],
): Hop | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const target = URL.parse(location, hop.url.href);
  if (target === null)
    throw new EgressError(
      'redirect_refused',
      'policy',
      `${hop.url.host} redirects to something that is no URL`,
    );
  const url = parseUrl(target.href);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new EgressError(
      'redirect_refused',
      'policy',
      `${hop.url.host} redirects from https to http at ${url.host}`,
    );
  const dropped: string[] = [];
  const sameOrigin = url.origin === hop.url.origin;
  if (!sameOrigin) dropped.push(...CREDENTIALS, ...secretHeaders);
  // What browsers do: a POST that is redirected by 301, 302 or 303 becomes a GET without its body.
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  if (becomesGet) dropped.push(...ABOUT_THE_BODY);
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers: without(hop.headers, dropped),
    body: becomesGet ? undefined : hop.body,
    servername: sameOrigin ? hop.servername : undefined,
  };
}

export function without(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  if (names.length === 0) return headers;
  const dropped = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name.toLowerCase())));
}
