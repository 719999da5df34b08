import type { PortCheckConfig } from '@tocsin/contracts';
import { EgressError } from '@tocsin/egress';
import type { Probe, ProbeInput, ProbeResult } from '../probe.js';
import { knockUdp } from './udp.socket.js';

/** Whether a port answers or, with `expectClosed`, whether it does not. */
export const portCheckProbe: Probe<PortCheckConfig> = {
  kind: 'port_check',
  run: (input) => (input.config.protocol === 'tcp' ? tcp(input) : udp(input)),
};

/** Each of these is what a closed or filtered port looks like; a name that is missing is not. */
const CLOSED = new Set(['connection_refused', 'timeout', 'host_unreachable', 'connection_reset']);

async function tcp({
  egress,
  target,
  config,
  timeoutMs,
  signal,
}: ProbeInput<PortCheckConfig>): Promise<ProbeResult> {
  const { port, expectClosed } = config;
  const startedAt = performance.now();
  try {
    const { socket, address, timings } = await egress.connect({ host: target, port, timeoutMs, signal });
    socket.destroy();
    return {
      outcome: expectClosed ? 'down' : 'up',
      timings: { ...timings, totalMs: performance.now() - startedAt },
      observed: { protocol: 'tcp', port, open: true, remoteAddress: address },
      error: expectClosed
        ? { code: 'port_open', message: `port ${port} accepts connections and should be closed` }
        : undefined,
    };
  } catch (error) {
    const closed = error instanceof EgressError && error.phase === 'connect' && CLOSED.has(error.code);
    if (!expectClosed || !closed) throw error;
    return {
      outcome: 'up',
      timings: { totalMs: performance.now() - startedAt },
      observed: { protocol: 'tcp', port, open: false, closedBy: error.code },
    };
  }
}

/** UDP has no handshake: silence counts as open, and only an ICMP "unreachable" shows that it is closed. */
async function udp({
  egress,
  target,
  config,
  timeoutMs,
  signal,
}: ProbeInput<PortCheckConfig>): Promise<ProbeResult> {
  const { port, expectClosed } = config;
  const startedAt = performance.now();
  const [found] = await egress.resolve(target, { timeoutMs, signal });
  if (found === undefined) throw new EgressError('dns_not_found', 'dns', `${target}: no such name`);
  egress.checkAddress(found.address, port);
  const dnsMs = performance.now() - startedAt;
  const answer = await knockUdp(found, port, Math.max(1, timeoutMs - dnsMs), signal);
  const open = answer !== 'unreachable';
  return {
    outcome: open === expectClosed ? 'down' : 'up',
    timings: { dnsMs, totalMs: performance.now() - startedAt },
    observed: { protocol: 'udp', port, open, answer, remoteAddress: found.address },
    error:
      open !== expectClosed
        ? undefined
        : open
          ? { code: 'port_open', message: `UDP port ${port} does not say that it is closed` }
          : { code: 'port_unreachable', message: `UDP port ${port} is closed: nothing listens there` },
  };
}
