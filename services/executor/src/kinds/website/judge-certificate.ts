import type { PeerCertificateFacts } from '@tocsin/egress';
import { toInstant } from '@tocsin/kernel';
import type { CertificateInfo, CheckError } from '@tocsin/monitoring';

const DAY_MS = 86_400_000;

/** @param warnDays at or below this many days left the certificate counts as expiring */
export function certificateInfo(
  facts: PeerCertificateFacts,
  warnDays: number,
  nowMs: number,
): CertificateInfo {
  const validTo = Date.parse(facts.validTo);
  return {
    subject: facts.subject,
    issuer: facts.issuer,
    altNames: facts.altNames,
    serialNumber: facts.serialNumber,
    fingerprint256: facts.fingerprint256,
    validFrom: toInstant(Date.parse(facts.validFrom)),
    validTo: toInstant(validTo),
    daysRemaining: Math.floor((validTo - nowMs) / DAY_MS),
    valid: facts.authorized && datesProblem(facts, nowMs) === undefined,
    warnDays,
  };
}

/** Dates alone: they count even where the monitor does not ask for trust. */
export function datesProblem(facts: PeerCertificateFacts, nowMs: number): CheckError | undefined {
  if (nowMs > Date.parse(facts.validTo))
    return { code: 'certificate_expired', message: `the certificate expired at ${facts.validTo}` };
  if (nowMs < Date.parse(facts.validFrom))
    return { code: 'certificate_not_yet_valid', message: `the certificate is valid from ${facts.validFrom}` };
  return undefined;
}
