import { PageHeader } from '../../parts/page-header.js';

export function ProviderNew() {
  return <PageHeader title="Provider new" />;
}
