import type { ResultView } from '@tocsin/http-api';
import { CircleX, ShieldCheck, TriangleAlert } from 'lucide-react';
import { plural } from '../amounts.js';
import { Facts } from '../facts.js';
import { Mark } from '../mark.js';
import { dayOf, exactTime } from '../time.js';

type CertificateInfo = NonNullable<ResultView['certificate']>;

export function Certificate({ certificate }: { readonly certificate: CertificateInfo }) {
  return (
    <Facts
      facts={[
        ['State', <CertificateMark key="state" certificate={certificate} />],
        ['Subject', certificate.subject],
        ['Issuer', certificate.issuer],
        ['Valid', <Validity key="valid" certificate={certificate} />],
        ['Names', certificate.altNames.join(', ')],
        ['Serial number', certificate.serialNumber],
        ['Fingerprint', certificate.fingerprint256],
      ]}
    />
  );
}

export function CertificateMark({ certificate }: { readonly certificate: CertificateInfo }) {
  const { daysRemaining, valid, warnDays } = certificate;
  const left = daysRemaining < 0 ? 'expired' : `${plural(daysRemaining, 'day')} left`;
  if (!valid) return <Mark tone="bad" icon={CircleX} word={`Not valid, ${left}`} />;
  if (daysRemaining <= warnDays) return <Mark tone="warn" icon={TriangleAlert} word={left} />;
  return <Mark tone="good" icon={ShieldCheck} word={`Valid, ${left}`} />;
}

const Validity = ({ certificate: { validFrom, validTo } }: { readonly certificate: CertificateInfo }) => (
  <span title={`${exactTime(validFrom)} to ${exactTime(validTo)}`}>
    {dayOf(validFrom)} to {dayOf(validTo)}
  </span>
);
