import { startDeadline } from './deadline.js';
import { type Door, dial, permittedOf, refuse } from './dial.socket.js';
import type { Egress, ResolvedAddress } from './egress.js';
import { EgressError } from './egress-error.js';
import { parseHost } from './host.js';
import { nameResolver } from './names.socket.js';
import { ownEndpoints } from './own-endpoints.socket.js';
import type { EgressPolicy } from './policy.js';
import { request } from './request.socket.js';
import { secureContext } from './secure.socket.js';

export interface EgressOptions {
  /** `ip` or `ip:port` of name servers to ask instead of the system's; nothing else is asked then */
  readonly dnsServers?: readonly string[] | undefined;
  /** PEM certificates to trust besides the public authorities */
  readonly certificateAuthorities?: readonly string[] | undefined;
}

export function createEgress(policy: EgressPolicy, options: EgressOptions = {}): Egress {
  const door: Door = {
    policy,
    own: ownEndpoints(policy.ownEndpoints),
    resolveName: nameResolver(options.dnsServers),
  };
  const context = secureContext(options.certificateAuthorities);

  return {
    request: (asked) => request(door, context, asked),

    async connect({ host: text, port, timeoutMs, signal }) {
      if (!Number.isInteger(port) || port < 1 || port > 65_535)
        throw new EgressError('invalid_url', 'policy', `${port} is not a port`);
      const host = parseHost(text);
      const label = `${text}:${port}`;
      const deadline = startDeadline(timeoutMs, signal, label);
      try {
        const { socket, dnsMs, connectMs } = await dial(door, deadline, host, port, label);
        return {
          socket,
          address: socket.remoteAddress ?? host.address ?? '',
          timings: { dnsMs: dnsMs ?? 0, connectMs },
        };
      } finally {
        deadline.end();
      }
    },

    async resolve(text, { timeoutMs = 5_000, signal, family } = {}) {
      const host = parseHost(text);
      if (host.name === undefined) {
        refuse(door, host.address, undefined);
        return [{ address: host.address, family: host.address.includes(':') ? 6 : 4 }];
      }
      const { name } = host;
      const deadline = startDeadline(timeoutMs, signal, name);
      try {
        const all = await deadline.run<readonly ResolvedAddress[]>('dns', (resolve, reject) => {
          door.resolveName(name, family).then(resolve, reject);
          return undefined;
        });
        return permittedOf(door, name, all, undefined);
      } finally {
        deadline.end();
      }
    },

    checkAddress(address, port) {
      refuse(door, address, port);
    },
  };
}
