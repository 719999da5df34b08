import { isIP } from 'node:net';
import { EgressError } from './egress-error.js';

/** A destination as the network will see it: exactly one of a canonical IP address and an ASCII name. */
export type Host =
  | { readonly address: string; readonly name?: undefined }
  | { readonly address?: undefined; readonly name: string };

/** What a URL parser would strip, decode or take for another part: none of it stands in a host. */
const NOT_IN_A_HOST = /[\s\p{Cc}/?#@%\\<>^|]/u;

/**
 * Reads a host the way browsers do, so that 0x7f.1, 2130706433 and full-width digits become the address they mean.
 * @throws EgressError `invalid_url`
 */
export function parseHost(text: string): Host {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIP(bare) !== 0 && !bare.includes('%')) return { address: bare };
  if (bare === '' || bare.includes(':') || NOT_IN_A_HOST.test(bare)) throw notAHost();
  const url = URL.parse(`http://${bare}/`);
  if (url === null) throw notAHost();
  return hostOf(url);
}

/** Labels between single dots, and the dot of the root. */
const NAME = /^(?:[^.]{1,63}\.)*[^.]{1,63}\.?$/;

export function hostOf(url: URL): Host {
  const { hostname } = url;
  if (hostname.startsWith('[')) return { address: hostname.slice(1, -1) };
  if (isIP(hostname) !== 0) return { address: hostname };
  if (hostname.length > 254 || !NAME.test(hostname)) throw notAHost();
  return { name: hostname };
}

/** @throws EgressError `invalid_url`, `scheme_refused` */
export function parseUrl(text: string): URL {
  // Line breaks are for whoever wants the URL to read differently here and there.
  const url = /\p{Cc}/u.test(text) ? null : URL.parse(text);
  if (url === null) throw new EgressError('invalid_url', 'policy', 'the URL cannot be read');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new EgressError('scheme_refused', 'policy', `only http and https are allowed, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new EgressError('invalid_url', 'policy', 'user name and password do not belong in the URL');
  return url;
}

const notAHost = () =>
  new EgressError('invalid_url', 'policy', 'the host is neither a name nor an IP address');
