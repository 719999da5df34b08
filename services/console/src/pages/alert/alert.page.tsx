import { PageHeader } from '../../parts/page-header.js';

export function Alert() {
  return <PageHeader title="Alert" />;
}
