import { EgressError, type EgressErrorCode } from '@tocsin/egress';
import type { CheckError, Outcome } from '@tocsin/monitoring';

/** We could not look, which says nothing about the target: it neither raises nor ends an alert. */
const OURS: ReadonlySet<EgressErrorCode> = new Set([
  'address_refused',
  'invalid_url',
  'invalid_request',
  'scheme_refused',
  'dns_failed',
  'network_unreachable',
  'local_resource',
  'aborted',
]);

/** What a failed attempt means for the monitor. */
export function failureOf(error: unknown): { readonly outcome: Outcome; readonly error: CheckError } {
  if (!(error instanceof EgressError))
    return {
      outcome: 'error',
      error: { code: 'probe_failed', message: 'the check itself broke; see the log' },
    };
  // `certificate_expired` says more than `tls_failed`; the other reasons are in the message.
  const code = error.code === 'tls_failed' ? (error.reason ?? error.code) : error.code;
  return {
    outcome: OURS.has(error.code) ? 'error' : 'down',
    error: { code, message: `${error.message}${howToAllow(error)}` },
  };
}

function howToAllow({ code, reason }: EgressError): string {
  if (code !== 'address_refused' || reason === 'own_endpoint' || reason === 'denied') return '';
  return reason === 'metadata'
    ? '; to check it all the same, name exactly this address in TOCSIN_EGRESS_ALLOW'
    : '; to check it all the same, add its range to TOCSIN_EGRESS_ALLOW';
}
