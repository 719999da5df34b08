import { PageHeader } from '../../parts/page-header.js';

export function Job() {
  return <PageHeader title="Job" />;
}
