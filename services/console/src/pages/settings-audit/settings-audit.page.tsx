import { PageHeader } from '../../parts/page-header.js';

export function Audit() {
  return <PageHeader title="Audit" />;
}
