import { promises as dns, lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { ResolvedAddress } from './egress.js';
import { EgressError } from './egress-error.js';

/** @throws EgressError `dns_not_found`, `dns_failed`, `local_resource`. Has no deadline of its own. */
export type ResolveName = (name: string, family?: 4 | 6) => Promise<readonly ResolvedAddress[]>;

/**
 * Names through DNS, without the thread pool: `getaddrinfo` occupies one of two threads until it answers, so a single
 * dead zone would hold up every other monitor. It is asked only for what DNS cannot know: single labels (search
 * domains, containers), the hosts file, and names DNS has not got.
 * @param servers `ip` or `ip:port`; DNS and nothing else when given
 */
export function nameResolver(servers?: readonly string[]): ResolveName {
  const resolver = new dns.Resolver({ timeout: 2_000, tries: 3 });
  if (servers !== undefined) resolver.setServers(servers);
  const local = servers === undefined ? hostsFileNames() : new Set<string>();
  const preferred: readonly (4 | 6)[] = hasIpv4() ? [4, 6] : [6, 4];

  const viaDns = async (name: string, families: readonly (4 | 6)[]) => {
    for (const family of families) {
      try {
        const found = await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name));
        if (found.length > 0) return found.map((address) => ({ address, family }));
      } catch (error) {
        const failure = dnsError(error, name);
        if (failure.code !== 'dns_not_found') throw failure;
      }
    }
    return [];
  };

  return async (name, family) => {
    const families = family === undefined ? preferred : [family];
    const onlyLocal = servers === undefined && (local.has(name) || !name.includes('.'));
    const found = onlyLocal ? [] : await viaDns(name, families);
    if (found.length > 0) return found;
    if (servers === undefined) return viaSystem(name, family);
    throw notFound(name);
  };
}

function viaSystem(name: string, family: 4 | 6 | undefined): Promise<readonly ResolvedAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true, family: family ?? 0, order: 'ipv4first' }, (error, found) => {
      if (error !== null) reject(dnsError(error, name));
      else resolve(found.map(({ address, family: of }) => ({ address, family: of === 6 ? 6 : 4 })));
    });
  });
}

const notFound = (name: string, cause?: unknown) =>
  new EgressError('dns_not_found', 'dns', `${name}: no such name, or it has no address`, { cause });

function dnsError(error: unknown, name: string): EgressError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
    case 'EBADNAME':
      return notFound(name, error);
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
      return new EgressError('local_resource', 'dns', `${name}: this machine is out of resources (${code})`, {
        cause: error,
      });
    default:
      return new EgressError('dns_failed', 'dns', `${name}: the name servers did not answer (${code})`, {
        reason: code.toLowerCase(),
        cause: error,
      });
  }
}

/** Read once: what overrides DNS on this machine is part of its installation. */
function hostsFileNames(): ReadonlySet<string> {
  try {
    const lines = readFileSync('/etc/hosts', 'utf8').split('\n');
    return new Set(
      lines.flatMap((line) => (line.split('#')[0] ?? '').toLowerCase().trim().split(/\s+/).slice(1)),
    );
  } catch {
    return new Set();
  }
}

const hasIpv4 = () =>
  Object.values(networkInterfaces()).some((all) =>
    all?.some((own) => own.family === 'IPv4' && !own.internal),
  );
