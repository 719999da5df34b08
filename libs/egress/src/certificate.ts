import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { PeerCertificateFacts } from './egress.js';

export function certificateFacts(socket: TLSSocket): PeerCertificateFacts | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    altNames: altNames(certificate),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    authorized: socket.authorized,
    authorizationError: socket.authorized ? undefined : authorizationError(socket),
  };
}

/** Node hands out a code where the types say an error. */
export const authorizationError = (socket: TLSSocket): string => String(socket.authorizationError);

const REASONS: Record<string, readonly [reason: string, text: string]> = {
  CERT_HAS_EXPIRED: ['certificate_expired', 'the certificate has expired'],
  CERT_NOT_YET_VALID: ['certificate_not_yet_valid', 'the certificate is not valid yet'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['self_signed', 'the certificate is self-signed'],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'untrusted_issuer',
    'the certificate comes from an authority that is not trusted',
  ],
  UNABLE_TO_GET_ISSUER_CERT: ['untrusted_issuer', 'the certificate comes from an unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['untrusted_issuer', 'the certificate comes from an unknown authority'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'incomplete_chain',
    'the server does not send its intermediate certificates',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ['name_mismatch', 'the certificate was issued for other names'],
};

export function whyUntrusted(code: string): { readonly reason: string; readonly text: string } {
  const [reason, text] = REASONS[code] ?? ['certificate_invalid', `the certificate is not valid (${code})`];
  return { reason, text };
}

const oneLine = (name: string): string => name.split('\n').join(', ');

/** `DNS:a.example, IP Address:127.0.0.1` without the kinds. */
function altNames(certificate: X509Certificate): readonly string[] {
  const text = certificate.subjectAltName;
  if (text === undefined) return [];
  return text.split(', ').map((entry) => entry.slice(entry.indexOf(':') + 1));
}
