import { EgressError, type EgressErrorCode, type EgressPhase } from './egress-error.js';

const CODES: Record<string, readonly [EgressErrorCode, string]> = {
  ECONNREFUSED: ['connection_refused', 'the connection was refused'],
  ECONNRESET: ['connection_reset', 'the connection was closed by the other side'],
  EPIPE: ['connection_reset', 'the connection was closed by the other side'],
  ECONNABORTED: ['connection_reset', 'the connection was closed by the other side'],
  ETIMEDOUT: ['timeout', 'the operating system gave up on the connection'],
  EHOSTUNREACH: ['host_unreachable', 'the host cannot be reached'],
  EHOSTDOWN: ['host_unreachable', 'the host cannot be reached'],
  ENETUNREACH: ['network_unreachable', 'this machine has no route there'],
  ENETDOWN: ['network_unreachable', "this machine's network is down"],
  EAFNOSUPPORT: ['network_unreachable', 'this machine does not speak that address family'],
  EMFILE: ['local_resource', 'this machine is out of file descriptors'],
  ENFILE: ['local_resource', 'this machine is out of file descriptors'],
  EADDRNOTAVAIL: ['local_resource', 'this machine has no free port or source address'],
  EADDRINUSE: ['local_resource', 'this machine has no free port'],
  ENOBUFS: ['local_resource', 'this machine is out of network buffers'],
  ENOMEM: ['local_resource', 'this machine is out of memory'],
  EPERM: ['local_resource', 'a firewall on this machine forbids it'],
  EACCES: ['local_resource', 'this machine forbids it'],
  HPE_HEADER_OVERFLOW: ['header_overflow', 'the response headers exceed 32 kB'],
  ERR_INVALID_CHAR: ['invalid_request', 'a header holds a character HTTP does not allow'],
  ERR_INVALID_HTTP_TOKEN: ['invalid_request', 'a method or header name is not one'],
  ERR_UNESCAPED_CHARACTERS: ['invalid_request', 'the path holds a character HTTP does not allow'],
};

/** What a failed socket, parser or decompressor means. @param label host and port */
export function socketError(error: unknown, phase: EgressPhase, label: string): EgressError {
  if (error instanceof EgressError) return error;
  // Several addresses were tried: they mostly failed alike.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const name = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const [code, text] = CODES[name] ?? fallback(name, phase);
  const reason = code === 'tls_failed' ? 'handshake_failed' : undefined;
  return new EgressError(code, phase, `${label}: ${text}`, { cause: error, reason });
}

function fallback(name: string, phase: EgressPhase): readonly [EgressErrorCode, string] {
  if (phase === 'tls') return ['tls_failed', `the TLS handshake failed${name === '' ? '' : ` (${name})`}`];
  if (phase === 'connect')
    return ['connection_reset', `the connection failed${name === '' ? '' : ` (${name})`}`];
  return ['protocol_error', `the answer is not valid HTTP${name === '' ? '' : ` (${name})`}`];
}
