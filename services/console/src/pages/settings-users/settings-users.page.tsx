import { PageHeader } from '../../parts/page-header.js';

export function Users() {
  return <PageHeader title="Users" />;
}
