import { PageHeader } from '../../parts/page-header.js';

export function Variables() {
  return <PageHeader title="Variables" />;
}
