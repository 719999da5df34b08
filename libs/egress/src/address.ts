import ipaddr from 'ipaddr.js';

export type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** What an address is, as far as the policy cares. */
export type AddressKind =
  | 'public'
  | 'private'
  | 'loopback'
  | 'unspecified'
  | 'link_local'
  | 'metadata'
  | 'multicast'
  | 'reserved';

/**
 * Where clouds hand out credentials: AWS, Azure, GCP and most others; ECS tasks; EKS pods; Azure's wire server, which
 * has a public address; Alibaba, inside carrier-grade NAT space.
 */
const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '168.63.129.16',
  '100.100.100.200',
]);

/** IPv4-mapped addresses come out as the IPv4 address they are on the wire; undefined when the text is no address. */
export function parseIp(text: string): Ip | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // A zone picks an interface of this machine: nothing a user may choose.
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  // ipaddr.js takes ::1.2.3.4 for the mapped ::ffff:1.2.3.4, the network does not: give it hex digits only.
  const hex = text.includes('.') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  const ip = ipaddr.IPv6.parse(hex);
  return ip.isIPv4MappedAddress() ? ip.toIPv4Address() : ip;
}

export function kindOf(ip: Ip): AddressKind {
  if (METADATA.has(ip.toString())) return 'metadata';
  const range: string = ip.range();
  if (ip instanceof ipaddr.IPv4) return KINDS[range] ?? 'reserved';
  // Of IPv6 only 2000::/3 is handed out; ::a.b.c.d and the rest are reserved.
  if (range === 'unicast') return ((ip.parts[0] ?? 0) & 0xe000) === 0x2000 ? 'public' : 'reserved';
  // 64:ff9b:1::/48 is somebody's own translator, 64:ff9b::/96 everybody's.
  if (range === 'rfc6052') return ip.parts[2] === 1 ? 'private' : 'public';
  return KINDS[range] ?? 'reserved';
}

/** By ipaddr.js's names; what is not here is reserved. 6to4 and Teredo are judged by what they embed. */
const KINDS: Record<string, AddressKind> = {
  unicast: 'public',
  as112: 'public',
  as112v6: 'public',
  '6to4': 'public',
  teredo: 'public',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  loopback: 'loopback',
  unspecified: 'unspecified',
  linkLocal: 'link_local',
  multicast: 'multicast',
};

/** The IPv4 addresses a packet to this IPv6 address may end up at: 6to4, Teredo (server and client) and NAT64. */
export function embeddedV4(ip: Ip): readonly ipaddr.IPv4[] {
  if (ip instanceof ipaddr.IPv4) return [];
  const [, p1 = 0, p2 = 0, p3 = 0, p4 = 0, p5 = 0, p6 = 0, p7 = 0] = ip.parts;
  const range: string = ip.range();
  if (range === '6to4') return [v4(p1, p2)];
  if (range === 'teredo') return [v4(p2, p3), v4(p6 ^ 0xffff, p7 ^ 0xffff)];
  if (range !== 'rfc6052') return [];
  // RFC 6052 section 2.2: a /48 prefix puts the address around bits 64 to 71.
  // Whoever uses the one place leaves zeros in the other.
  if (p2 === 1)
    return [v4(p6, p7), v4(p3, ((p4 & 0xff) << 8) | (p5 >> 8))].filter(
      (found) => found.range() !== 'unspecified',
    );
  return [v4(p6, p7)];
}

const v4 = (high: number, low: number): ipaddr.IPv4 =>
  new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
