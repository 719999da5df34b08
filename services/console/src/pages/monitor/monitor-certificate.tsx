import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../../api/queries.js';
import { Certificate } from '../../parts/check-result/certificate.js';
import { Panel } from './panel.js';

/** A check that failed before it saw one has none: an older one tells. */
const LOOK_BACK = 50;

export function MonitorCertificate({ id }: { readonly id: string }) {
  const { data } = useQuery(queryOf('listResults', { params: { id }, query: { limit: LOOK_BACK } }));
  const certificate = data?.items.find((result) => result.certificate !== null)?.certificate;
  if (certificate === undefined || certificate === null) return null;
  return (
    <Panel title="Certificate">
      <Certificate certificate={certificate} />
    </Panel>
  );
}
