// oxlint-disable-next-line eslint/no-restricted-imports -- addresses are compared here, nothing is connected to
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from and which address it was sent to, as far as it can be believed. */
export interface Peer {
  readonly ip: string;
  readonly protocol: 'http' | 'https';
  /** `host:port`, lower case */
  readonly host: string;
  /** somebody passed it on, or says so */
  readonly isForwarded: boolean;
}

export type Trusted = (ip: string) => boolean;

/** @param cidrs proxies that tell the truth about who they speak for */
export function trustedProxies(cidrs: readonly string[]): Trusted {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (ip) => isIP(ip) !== 0 && list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}

const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/**
 * Whoever sends a request can begin `x-forwarded-for` with anything: it is read from its end, as long as those who wrote
 * it are trusted. The other two headers count only when a trusted proxy is the one we speak to.
 */
export function peerOf(
  { headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>,
  isTrusted: Trusted,
): Peer {
  const direct = plain(socket.remoteAddress ?? '');
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined);
  const host = (headers.host ?? '').toLowerCase();
  if (!isTrusted(direct)) return { ip: direct, protocol: 'http', host, isForwarded };
  const hops = listOf(headers['x-forwarded-for']).map(withoutPort);
  return {
    ip: furthest(direct, hops, isTrusted),
    protocol: listOf(headers['x-forwarded-proto']).at(-1) === 'https' ? 'https' : 'http',
    host: listOf(headers['x-forwarded-host']).at(-1)?.toLowerCase() ?? host,
    isForwarded,
  };
}

function furthest(direct: string, hops: readonly string[], isTrusted: Trusted): string {
  let ip = direct;
  for (const hop of hops.toReversed()) {
    if (isIP(hop) === 0) return ip;
    ip = plain(hop);
    if (!isTrusted(ip)) return ip;
  }
  return ip;
}

const listOf = (header: string | string[] | undefined): string[] =>
  (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const withoutPort = (hop: string): string =>
  /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;

/** An IPv4 address is one, however the socket writes it. */
const plain = (ip: string): string => /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;

export const isLoopback = (ip: string): boolean => ip === '::1' || ip.startsWith('127.');

/** What one subscriber has: a single IPv4 address, or a /64 of IPv6. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail = ''] = ip.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = ip.includes('::')
    ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
    : [];
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '').toLowerCase()).join(':')}::/64`;
}
