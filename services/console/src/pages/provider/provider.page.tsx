import { PageHeader } from '../../parts/page-header.js';

export function Provider() {
  return <PageHeader title="Provider" />;
}
