import type { PingHostConfig } from '@tocsin/contracts';
import { EgressError } from '@tocsin/egress';
import type { Probe, ProbeInput, ProbeResult } from '../probe.js';
import type { Ping } from './ping.process.js';

/** Whether a host is there: ICMP where this machine may, TCP otherwise. `observed.via` says which it was. */
export function pingHostProbe(ping: Ping): Probe<PingHostConfig> {
  // Whether ping may run is a property of the installation: asked once, not at every check.
  let icmpUnavailable = false;

  return {
    kind: 'ping_host',
    async run(input) {
      const { config, timeoutMs } = input;
      const startedAt = performance.now();
      if (config.method === 'tcp') return viaTcp(input, startedAt);
      const auto = config.method === 'auto';
      if (auto && icmpUnavailable) return viaTcp(input, startedAt);
      const found = await input.egress.resolve(input.target, { timeoutMs, signal: input.signal });
      const address = found[0]?.address ?? '';
      const dnsMs = performance.now() - startedAt;
      // What is left after names; in `auto`, half of it is kept for TCP.
      const budget = Math.max(1, timeoutMs - dnsMs) * (auto ? 0.5 : 0.9);
      const summary = await ping(address, { count: config.count, timeoutMs: budget, signal: input.signal });
      if (summary === 'unavailable') {
        icmpUnavailable = true;
        return auto ? viaTcp(input, startedAt) : unavailable(startedAt);
      }
      if (summary.received === 0 && auto) return viaTcp(input, startedAt);
      return viaIcmp(summary, address, { dnsMs, totalMs: performance.now() - startedAt });
    },
  };
}

function viaIcmp(
  summary: { readonly sent: number; readonly received: number; readonly averageMs?: number | undefined },
  address: string,
  timings: ProbeResult['timings'],
): ProbeResult {
  const { sent, received, averageMs } = summary;
  const lost = sent - received;
  const observed = { via: 'icmp', remoteAddress: address, packetsSent: sent, packetsReceived: received };
  if (received === 0)
    return {
      outcome: 'down',
      timings,
      observed,
      error: { code: 'no_reply', message: `${address} answered none of ${sent} echo requests` },
    };
  return {
    outcome: lost > 0 ? 'degraded' : 'up',
    // The round trip is what people mean by the time of a ping.
    timings: { ...timings, totalMs: averageMs ?? timings.totalMs },
    observed,
    error:
      lost > 0
        ? { code: 'packet_loss', message: `${address} answered ${received} of ${sent} echo requests` }
        : undefined,
  };
}

/** All ports at once: the first that answers, be it with a refusal, shows that the host is there. */
async function viaTcp(input: ProbeInput<PingHostConfig>, startedAt: number): Promise<ProbeResult> {
  const { egress, target, config } = input;
  const timeoutMs = Math.max(1, input.timeoutMs - (performance.now() - startedAt));
  const done = new AbortController();
  const signal = AbortSignal.any([input.signal, done.signal]);
  const knock = async (port: number): Promise<ProbeResult> => {
    const knockedAt = performance.now();
    try {
      const { socket, address, timings } = await egress.connect({ host: target, port, timeoutMs, signal });
      socket.destroy();
      return {
        outcome: 'up',
        timings: { ...timings, totalMs: timings.dnsMs + timings.connectMs },
        observed: { via: 'tcp', port, portOpen: true, remoteAddress: address },
      };
    } catch (error) {
      if (!(error instanceof EgressError) || error.code !== 'connection_refused') throw error;
      const totalMs = performance.now() - knockedAt;
      return { outcome: 'up', timings: { totalMs }, observed: { via: 'tcp', port, portOpen: false } };
    }
  };
  try {
    return await Promise.any(config.ports.map(knock));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    done.abort();
  }
}

const unavailable = (startedAt: number): ProbeResult => ({
  outcome: 'error',
  timings: { totalMs: performance.now() - startedAt },
  observed: { via: 'icmp' },
  error: {
    code: 'icmp_unavailable',
    message: 'ICMP is not possible here: install ping and allow it, or set the method to auto or tcp',
  },
});
