import ipaddr from 'ipaddr.js';
import { type AddressKind, embeddedV4, type Ip, kindOf, parseIp } from './address.js';

export interface EndpointRef {
  readonly host: string;
  readonly port: number;
}

export interface EgressPolicyOptions {
  /** monitors may look into private networks, providers may not, unless `allowPrivate` says otherwise */
  readonly purpose: 'monitor' | 'provider';
  /** CIDRs (or single addresses) permitted on top of the defaults; a metadata address only when named exactly */
  readonly allow: readonly string[];
  /** CIDRs refused whatever `allow` says */
  readonly deny?: readonly string[] | undefined;
  readonly allowPrivate?: boolean | undefined;
  /** the platform's own NATS, Postgres and API: never a destination, whatever `allow` says */
  readonly ownEndpoints: readonly EndpointRef[];
}

export type Refusal = 'denied' | 'not_an_address' | Exclude<AddressKind, 'public'>;

export interface Verdict {
  readonly refusal: Refusal | undefined;
  /** every address the packet may end up at, canonical: itself and what is embedded in it */
  readonly reaches: readonly string[];
  /** ends at this machine's loopback interface */
  readonly loopback: boolean;
}

export interface EgressPolicy {
  readonly purpose: 'monitor' | 'provider';
  readonly ownEndpoints: readonly EndpointRef[];
  /** What the ranges say of an address; the platform's own endpoints are judged apart, with the port. */
  judge(address: string): Verdict;
}

const CACHE_LIMIT = 20_000;

/** @throws RangeError when `allow` or `deny` holds something that is no CIDR */
export function egressPolicy(options: EgressPolicyOptions): EgressPolicy {
  const allow = options.allow.map(parseCidr);
  const deny = (options.deny ?? []).map(parseCidr);
  const allowPrivate = options.allowPrivate ?? options.purpose === 'monitor';
  const verdicts = new Map<string, Verdict>();

  const refusalOf = (ip: Ip): Refusal | undefined => {
    if (deny.some((cidr) => cidr.contains(ip))) return 'denied';
    const kind = kindOf(ip);
    if (kind === 'public') return undefined;
    if (allow.some((cidr) => cidr.contains(ip) && (kind !== 'metadata' || cidr.single))) return undefined;
    return kind === 'private' && allowPrivate ? undefined : kind;
  };

  const judgeAfresh = (address: string): Verdict => {
    const ip = parseIp(address);
    if (ip === undefined) return { refusal: 'not_an_address', reaches: [], loopback: false };
    const all = [ip, ...embeddedV4(ip)];
    const kinds = all.map(kindOf);
    return {
      refusal: all.map(refusalOf).find((refusal) => refusal !== undefined),
      reaches: all.map(String),
      // Connecting to the unspecified address reaches loopback.
      loopback: kinds.some((kind) => kind === 'loopback' || kind === 'unspecified'),
    };
  };

  return {
    purpose: options.purpose,
    ownEndpoints: options.ownEndpoints,
    judge(address) {
      const known = verdicts.get(address);
      if (known !== undefined) return known;
      const verdict = judgeAfresh(address);
      if (verdicts.size >= CACHE_LIMIT) verdicts.clear();
      verdicts.set(address, verdict);
      return verdict;
    },
  };
}

interface Cidr {
  readonly single: boolean;
  contains(ip: Ip): boolean;
}

function parseCidr(text: string): Cidr {
  const alone = parseIp(text);
  if (alone === undefined && !ipaddr.isValidCIDR(text))
    throw new RangeError(`"${text}" is not a CIDR such as 10.0.0.0/8 or fd00::/8`);
  const [base, bits] =
    alone === undefined
      ? ipaddr.parseCIDR(text)
      : ([alone, alone.kind() === 'ipv4' ? 32 : 128] as [Ip, number]);
  return {
    single: bits === (base.kind() === 'ipv4' ? 32 : 128),
    contains: (ip) => ip.kind() === base.kind() && ip.match(base, bits),
  };
}
