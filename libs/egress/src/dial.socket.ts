import { connect, type Socket } from 'node:net';
import type { Deadline } from './deadline.js';
import type { ResolvedAddress } from './egress.js';
import { EgressError } from './egress-error.js';
import type { Host } from './host.js';
import type { ResolveName } from './names.socket.js';
import type { OwnEndpoints } from './own-endpoints.socket.js';
import type { EgressPolicy, Verdict } from './policy.js';
import { socketError } from './socket-error.js';

export interface Door {
  readonly policy: EgressPolicy;
  readonly own: OwnEndpoints;
  readonly resolveName: ResolveName;
}

export interface Dialled {
  readonly socket: Socket;
  /** absent when there was no name to resolve */
  readonly dnsMs: number | undefined;
  readonly connectMs: number;
}

/** Resolves, judges and connects: the addresses judged are the only ones the socket gets to see. */
export async function dial(
  door: Door,
  deadline: Deadline,
  host: Host,
  port: number,
  label: string,
): Promise<Dialled> {
  const ready = door.own.ready(performance.now());
  if (ready !== undefined) await deadline.run<void>('dns', (resolve) => void ready.then(resolve));
  const startedAt = performance.now();
  let addresses: readonly ResolvedAddress[] | undefined;
  if (host.name === undefined) refuse(door, host.address, port);
  else addresses = await permitted(door, deadline, host.name, port);
  const resolvedAt = performance.now();
  const socket = await deadline.run<Socket>('connect', (resolve, reject) => {
    const opening = open(host, addresses, port);
    const onError = (error: Error) => {
      opening.destroy();
      reject(socketError(error, 'connect', label));
    };
    opening.once('error', onError);
    opening.once('connect', () => {
      opening.off('error', onError);
      resolve(opening);
    });
    return () => opening.destroy();
  });
  return {
    socket,
    dnsMs: host.name === undefined ? undefined : resolvedAt - startedAt,
    connectMs: performance.now() - resolvedAt,
  };
}

function open(host: Host, addresses: readonly ResolvedAddress[] | undefined, port: number): Socket {
  const [first, second] = addresses ?? [];
  const single = host.address ?? (second === undefined ? first?.address : undefined);
  if (single !== undefined) return connect({ host: single, port, autoSelectFamily: false });
  return connect({
    host: host.name ?? '',
    port,
    autoSelectFamily: true,
    // Long enough for the other side of the world, short enough for a second address within common timeouts.
    autoSelectFamilyAttemptTimeout: 1_000,
    lookup: (_name, _options, found) => {
      found(null, [...(addresses ?? [])]);
    },
  });
}

/** Those of the name's addresses that may be connected to. @throws EgressError when there is none */
async function permitted(
  door: Door,
  deadline: Deadline,
  name: string,
  port: number,
): Promise<readonly ResolvedAddress[]> {
  if (door.own.isName(name, port)) throw refusal(name, port, 'own_endpoint');
  const all = await deadline.run<readonly ResolvedAddress[]>('dns', (resolve, reject) => {
    door.resolveName(name).then(resolve, reject);
    return undefined;
  });
  return permittedOf(door, name, all, port);
}

/** @param port undefined leaves the platform's own endpoints out of it */
export function permittedOf(
  door: Door,
  name: string,
  all: readonly ResolvedAddress[],
  port: number | undefined,
): readonly ResolvedAddress[] {
  const good = all.filter(({ address }) => refusedBecause(door, address, port) === undefined);
  const [worst] = all;
  if (good.length === 0 && worst !== undefined)
    throw refusal(name, port, refusedBecause(door, worst.address, port) ?? 'not_an_address', worst.address);
  return good;
}

/** @throws EgressError `address_refused` */
export function refuse(door: Door, address: string, port: number | undefined): void {
  const because = refusedBecause(door, address, port);
  if (because !== undefined) throw refusal(address, port, because);
}

type Because = NonNullable<Verdict['refusal']> | 'own_endpoint';

function refusedBecause(door: Door, address: string, port: number | undefined): Because | undefined {
  const verdict = door.policy.judge(address);
  if (verdict.refusal !== undefined) return verdict.refusal;
  return port !== undefined && door.own.includes(verdict, port) ? 'own_endpoint' : undefined;
}

const BECAUSE: Record<Because, string> = {
  own_endpoint: "it is one of the platform's own endpoints",
  denied: 'the configuration denies it',
  not_an_address: 'it is not an IP address',
  private: 'it is a private address',
  loopback: 'it is a loopback address',
  unspecified: 'it is the unspecified address',
  link_local: 'it is a link-local address',
  metadata: 'it is a cloud metadata address',
  multicast: 'it is a multicast address',
  reserved: 'it is a reserved address',
};

function refusal(host: string, port: number | undefined, because: Because, address?: string): EgressError {
  const where = `${host}${port === undefined ? '' : `:${port}`}${address === undefined ? '' : ` (${address})`}`;
  return new EgressError('address_refused', 'policy', `${where} is refused: ${BECAUSE[because]}`, {
    reason: because,
  });
}
