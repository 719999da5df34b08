import { PageHeader } from '../../parts/page-header.js';

export function MonitorEdit() {
  return <PageHeader title="Monitor edit" />;
}
