import { PageHeader } from '../../parts/page-header.js';

export function Overview() {
  return <PageHeader title="Overview" />;
}
