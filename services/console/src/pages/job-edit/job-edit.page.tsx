import { PageHeader } from '../../parts/page-header.js';

export function JobEdit() {
  return <PageHeader title="Job edit" />;
}
