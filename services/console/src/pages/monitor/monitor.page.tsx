import { PageHeader } from '../../parts/page-header.js';

export function Monitor() {
  return <PageHeader title="Monitor" />;
}
