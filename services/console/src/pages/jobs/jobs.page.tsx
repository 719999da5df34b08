import { PageHeader } from '../../parts/page-header.js';

export function Jobs() {
  return <PageHeader title="Jobs" />;
}
