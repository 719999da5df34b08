import { PageHeader } from '../../parts/page-header.js';

export function Tests() {
  return <PageHeader title="Tests" />;
}
