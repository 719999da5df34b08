import { type DnsConfig, parseResolver } from '@tocsin/contracts';
import type { CheckError, Outcome } from '@tocsin/monitoring';
import type { Probe, ProbeInput } from '../probe.js';
import { recordsProblem } from './judge-records.js';
import { type QueryFailure, type QueryOptions, queryRecords } from './query.socket.js';

/** Kept back for the control question. */
const CONTROL_SHARE = 0.2;
const MAX_OBSERVED = 500;

/**
 * Whether a name has the records it should have. A name server that the monitor names is part of what is watched: its
 * silence is down. The system's own is not: when it fails us, a control question tells whether the name's servers are
 * broken (down) or our network is (error).
 */
export const dnsProbe: Probe<DnsConfig> = {
  kind: 'dns',
  async run(input) {
    const { config, target } = input;
    const startedAt = performance.now();
    const server = permittedServer(input);
    const options: QueryOptions = {
      server,
      timeoutMs: input.timeoutMs * (server === undefined ? 1 - CONTROL_SHARE : 1),
      signal: input.signal,
    };
    const answer = await queryRecords(config.recordType, target, options);
    const totalMs = performance.now() - startedAt;
    const asked = { recordType: config.recordType, resolver: server ?? 'system' };
    if ('failure' in answer) {
      const blind = server === undefined && (await isBlind(answer.failure, input));
      const { outcome, error } = judgeFailure(answer.failure, answer.code, config, blind);
      return { outcome, error, timings: { dnsMs: totalMs, totalMs }, observed: { ...asked, recordCount: 0 } };
    }
    const error = recordsProblem(config, answer.values);
    return {
      outcome: error === undefined ? 'up' : 'down',
      error,
      timings: { dnsMs: totalMs, totalMs },
      observed: {
        ...asked,
        recordCount: answer.values.length,
        values: answer.values.join(', ').slice(0, MAX_OBSERVED),
      },
    };
  },
};

/** @throws EgressError `address_refused` */
function permittedServer({ config, egress }: ProbeInput<DnsConfig>): string | undefined {
  const server = config.resolver === undefined ? undefined : parseResolver(config.resolver);
  if (server === undefined) return undefined;
  egress.checkAddress(server.address, server.port);
  return server.address.includes(':')
    ? `[${server.address}]:${server.port}`
    : `${server.address}:${server.port}`;
}

/** Every resolver has the root's name servers at hand: one that cannot tell even those is no witness. */
async function isBlind(
  failure: QueryFailure,
  { timeoutMs, signal }: ProbeInput<DnsConfig>,
): Promise<boolean> {
  if (failure === 'no_such_name' || failure === 'no_records') return false;
  if (failure === 'unreachable' || failure === 'local') return true;
  const control = await queryRecords('NS', '.', {
    server: undefined,
    timeoutMs: timeoutMs * CONTROL_SHARE,
    signal,
  });
  return 'failure' in control;
}

const MESSAGES: Record<QueryFailure, string> = {
  no_such_name: 'the name does not exist',
  no_records: 'the name has no such record',
  server_failure: 'the name servers failed to answer',
  refused: 'the name server refuses to answer',
  timeout: 'no answer in time',
  unreachable: 'the name server cannot be reached',
  local: 'the question could not be asked',
};

function judgeFailure(
  failure: QueryFailure,
  code: string,
  { recordType }: DnsConfig,
  blind: boolean,
): { readonly outcome: Outcome; readonly error: CheckError } {
  const ours = blind || failure === 'local';
  const hint = ours ? "; this machine's own name servers do not work" : '';
  return {
    outcome: ours ? 'error' : 'down',
    error: { code: `dns_${failure}`, message: `${recordType}: ${MESSAGES[failure]} (${code})${hint}` },
  };
}
