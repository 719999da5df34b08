import { PageHeader } from '../../parts/page-header.js';

export function TestNew() {
  return <PageHeader title="Test new" />;
}
