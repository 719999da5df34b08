import type { PeerCertificateFacts } from './egress.js';

export type EgressPhase = 'policy' | 'dns' | 'connect' | 'tls' | 'headers' | 'body';

/** Stable: they reach events, logs and screens. */
export type EgressErrorCode =
  | 'invalid_url'
  /** method or header that HTTP does not allow */
  | 'invalid_request'
  | 'scheme_refused'
  | 'address_refused'
  | 'dns_not_found'
  | 'dns_failed'
  | 'connection_refused'
  | 'connection_reset'
  /** the target's last router or link says it is not there */
  | 'host_unreachable'
  /** this machine has no route: says nothing about the target */
  | 'network_unreachable'
  | 'timeout'
  | 'aborted'
  | 'tls_failed'
  | 'redirect_refused'
  | 'too_many_redirects'
  | 'header_overflow'
  | 'protocol_error'
  /** out of descriptors, ports or memory here: our fault, says nothing about the target */
  | 'local_resource';

/** Why a connection a user chose did not happen or did not finish. The message names host and port, never a query or a secret. */
export class EgressError extends Error {
  readonly certificate: PeerCertificateFacts | undefined;
  /** finer than the code where there is more to say, e.g. `certificate_expired` */
  readonly reason: string | undefined;

  constructor(
    readonly code: EgressErrorCode,
    readonly phase: EgressPhase,
    message: string,
    more: {
      readonly certificate?: PeerCertificateFacts | undefined;
      readonly reason?: string | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'EgressError';
    this.certificate = more.certificate;
    this.reason = more.reason;
  }
}
