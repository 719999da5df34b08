import { PageHeader } from '../../parts/page-header.js';

export function MonitorNew() {
  return <PageHeader title="Monitor new" />;
}
