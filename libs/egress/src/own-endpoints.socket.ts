import dns from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { parseIp } from './address.js';
import { parseHost } from './host.js';
import type { EndpointRef, Verdict } from './policy.js';

export interface OwnEndpoints {
  /** To be awaited before judging, when not undefined. Never rejects. */
  ready(nowMs: number): Promise<void> | undefined;
  isName(name: string, port: number): boolean;
  includes(verdict: Verdict, port: number): boolean;
}

/** An orchestrator may move the platform's own services while we run. */
const REFRESH_MS = 60_000;

interface Known {
  readonly addresses: ReadonlySet<string>;
  readonly local: boolean;
}

/**
 * The platform's own services under every address that leads to them. One that listens on this machine is reached
 * through any loopback address and any interface's address alike.
 */
export function ownEndpoints(endpoints: readonly EndpointRef[]): OwnEndpoints {
  const hosts = endpoints.map(({ host, port }) => ({ host: parseHost(host), port }));
  const ports = new Set(endpoints.map(({ port }) => port));
  const named = hosts.some(({ host }) => host.name !== undefined);
  const resolved = new Map<string, readonly string[]>();
  let interfaces = interfaceAddresses();
  let known = index();
  let refreshedAt: number | undefined;
  let refreshing: Promise<void> | undefined;

  function index(): ReadonlyMap<number, Known> {
    const byPort = new Map<number, { addresses: Set<string>; local: boolean }>();
    for (const { host, port } of hosts) {
      const at = byPort.get(port) ?? { addresses: new Set(), local: false };
      byPort.set(port, at);
      for (const text of host.name === undefined ? [host.address] : (resolved.get(host.name) ?? [])) {
        const address = String(parseIp(text));
        at.addresses.add(address);
        at.local ||= isLoopback(address) || interfaces.has(address);
      }
    }
    return byPort;
  }

  async function refresh(): Promise<void> {
    await Promise.all(
      hosts.map(async ({ host: { name } }) => {
        if (name === undefined) return;
        try {
          const found = await dns.lookup(name, { all: true });
          resolved.set(
            name,
            found.map(({ address }) => address),
          );
        } catch {
          // Where the last addresses are all we have, they stay refused; the name itself always is.
        }
      }),
    );
    interfaces = interfaceAddresses();
    known = index();
    refreshing = undefined;
  }

  return {
    ready(nowMs) {
      if (ports.size === 0 || (refreshedAt !== undefined && nowMs - refreshedAt < REFRESH_MS))
        return undefined;
      const first = refreshedAt === undefined;
      refreshedAt = nowMs;
      refreshing ??= refresh();
      return first && named ? refreshing : undefined;
    },
    isName: (name, port) =>
      ports.has(port) && hosts.some((own) => own.port === port && own.host.name === name),
    includes({ reaches, loopback }, port) {
      const at = known.get(port);
      if (at === undefined) return false;
      if (at.local && (loopback || reaches.some((address) => interfaces.has(address)))) return true;
      return reaches.some((address) => at.addresses.has(address));
    },
  };
}

const isLoopback = (address: string) =>
  address === '::1' || address === '::' || address.startsWith('127.') || address === '0.0.0.0';

function interfaceAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => String(parseIp(address.split('%')[0] ?? ''))));
}
