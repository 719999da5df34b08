import type { FastifyRequest } from 'fastify';
import { isLoopback, type Peer } from './peer.js';

/** The address under which a browser sees us, and what that means for its cookie. */
export interface Site {
  /** `https://tocsin.example.com` */
  readonly origin: string;
  /** of the session; undefined where no session may be: plain http to somewhere else */
  readonly cookie: Cookie | undefined;
}

export interface Cookie {
  readonly name: string;
  readonly secure: boolean;
}

/** Browsers take it over https only, from this very host and for all of it: no neighbour can set it. */
const SECURE: Cookie = { name: '__Host-tocsin', secure: true };
const PLAIN: Cookie = { name: 'tocsin', secure: false };

/**
 * Who runs this may say the public address, and is believed where the host is that one. Plain http is good enough on
 * one's own machine, and where who runs this says so by the public address.
 */
export function siteOf({ protocol, host }: Peer, publicUrl: string | undefined): Site {
  const known = publicUrl === undefined ? undefined : new URL(publicUrl);
  const isKnown = known?.host === withoutDefaultPort(host, known?.protocol);
  const origin = isKnown ? (known?.origin ?? '') : originOf(`${protocol}://${host}`);
  if (origin.startsWith('https:')) return { origin, cookie: SECURE };
  return { origin, cookie: isKnown || isLoopbackHost(host) ? PLAIN : undefined };
}

const withoutDefaultPort = (host: string, protocol: string | undefined): string =>
  host.replace(protocol === 'https:' ? /:443$/ : /:80$/, '');

function originOf(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : '';
}

export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}

/** Whether a browser says that one of our own pages sent it: what changes something by a cookie must say so. */
export function isSameOrigin(headers: FastifyRequest['headers'], { origin }: Site): boolean {
  const said = headers.origin ?? headers.referer;
  if (said === undefined || origin === '') return false;
  // `null` is what a page without an origin says of itself.
  return originOf(said) === origin;
}
