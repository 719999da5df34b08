import { PageHeader } from '../../parts/page-header.js';

export function JobNew() {
  return <PageHeader title="Job new" />;
}
