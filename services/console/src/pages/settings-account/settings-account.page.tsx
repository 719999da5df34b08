import { PageHeader } from '../../parts/page-header.js';

export function Account() {
  return <PageHeader title="Account" />;
}
