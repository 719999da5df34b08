import type { CertificateInfo, CheckCompleted } from '@tocsin/monitoring';

/** Far more than any honest target needs, and all of it together far below what a stream takes. */
const MAX_TEXT = 2_000;
const MAX_ENTRIES = 50;
const MAX_NAMES = 100;

/** A result as small as an event has to be, whatever a target put into it. The same object when there is nothing to cut. */
export function trimResult(result: CheckCompleted): CheckCompleted {
  const { error, observed, certificate } = result;
  const longError = error !== undefined && error.message.length > MAX_TEXT;
  const longObserved = isLong(observed);
  const longCertificate = certificate !== undefined && isLongCertificate(certificate);
  if (!longError && !longObserved && !longCertificate) return result;
  return {
    ...result,
    ...(longError ? { error: { ...error, message: cut(error.message) } } : {}),
    ...(longObserved ? { observed: cutEntries(observed) } : {}),
    ...(longCertificate ? { certificate: cutCertificate(certificate) } : {}),
  };
}

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);

function isLong(observed: CheckCompleted['observed']): boolean {
  let entries = 0;
  for (const name in observed) {
    const value = observed[name];
    entries += 1;
    if (name.length > MAX_TEXT || (typeof value === 'string' && value.length > MAX_TEXT)) return true;
  }
  return entries > MAX_ENTRIES;
}

const cutEntries = (observed: CheckCompleted['observed']): CheckCompleted['observed'] =>
  Object.fromEntries(
    Object.entries(observed)
      .slice(0, MAX_ENTRIES)
      .map(([name, value]) => [cut(name), typeof value === 'string' ? cut(value) : value]),
  );

const isLongCertificate = ({ subject, issuer, altNames, serialNumber }: CertificateInfo): boolean =>
  altNames.length > MAX_NAMES ||
  [subject, issuer, serialNumber, ...altNames].some((text) => text.length > MAX_TEXT);

const cutCertificate = (certificate: CertificateInfo): CertificateInfo => ({
  ...certificate,
  subject: cut(certificate.subject),
  issuer: cut(certificate.issuer),
  serialNumber: cut(certificate.serialNumber),
  altNames: certificate.altNames.slice(0, MAX_NAMES).map(cut),
});
