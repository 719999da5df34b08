import { PageHeader } from '../../parts/page-header.js';

export function Alerts() {
  return <PageHeader title="Alerts" />;
}
