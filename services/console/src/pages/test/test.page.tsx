import { PageHeader } from '../../parts/page-header.js';

export function Test() {
  return <PageHeader title="Test" />;
}
