import { promises as dns } from 'node:dns';
import { isIP } from 'node:net';
import type { DnsConfig } from '@tocsin/contracts';
import { assertNever } from '@tocsin/kernel';

/** `no_such_name`, `no_records`: an answer. The rest is the lack of one. */
export type QueryFailure =
  | 'no_such_name'
  | 'no_records'
  | 'server_failure'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'local';

export type QueryAnswer =
  | { readonly values: readonly string[] }
  | { readonly failure: QueryFailure; readonly code: string };

export interface QueryOptions {
  /** `ip:port`; the system's name servers when undefined */
  readonly server: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks for the records of a name; values as `dig +short` prints them, without quotes. Never rejects for an answer. */
export async function queryRecords(
  recordType: DnsConfig['recordType'],
  name: string,
  { server, timeoutMs, signal }: QueryOptions,
): Promise<QueryAnswer> {
  const resolver = new dns.Resolver({ timeout: Math.max(1, Math.ceil(timeoutMs / 2)), tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  const cancel = () => {
    resolver.cancel();
  };
  // The resolver's own timeouts are a rough affair.
  const timer = setTimeout(cancel, timeoutMs);
  signal.addEventListener('abort', cancel);
  try {
    return { values: await lookUp(resolver, recordType, name) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { failure: FAILURES[code] ?? 'local', code };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

const FAILURES: Record<string, QueryFailure> = {
  ENOTFOUND: 'no_such_name',
  EBADNAME: 'no_such_name',
  ENODATA: 'no_records',
  ESERVFAIL: 'server_failure',
  EFORMERR: 'server_failure',
  ENOTIMP: 'server_failure',
  EBADRESP: 'server_failure',
  EREFUSED: 'refused',
  ETIMEOUT: 'timeout',
  ECANCELLED: 'timeout',
  ECONNREFUSED: 'unreachable',
};

async function lookUp(
  resolver: dns.Resolver,
  recordType: DnsConfig['recordType'],
  name: string,
): Promise<readonly string[]> {
  switch (recordType) {
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'CNAME':
      return resolver.resolveCname(name);
    case 'NS':
      return resolver.resolveNs(name);
    case 'PTR':
      return isIP(name) === 0 ? resolver.resolvePtr(name) : resolver.reverse(name);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((chunks) => chunks.join(''));
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(
        ({ priority, weight, port, name: host }) => `${priority} ${weight} ${port} ${host}`,
      );
    case 'SOA': {
      const soa = await resolver.resolveSoa(name);
      return [
        `${soa.nsname} ${soa.hostmaster} ${soa.serial} ${soa.refresh} ${soa.retry} ${soa.expire} ${soa.minttl}`,
      ];
    }
    case 'CAA':
      return (await resolver.resolveCaa(name)).map(({ critical, ...property }) => {
        const [[tag, value] = ['', '']] = Object.entries(property).filter(([key]) => key !== 'type');
        return `${critical} ${tag} ${String(value)}`;
      });
    default:
      return assertNever(recordType);
  }
}
