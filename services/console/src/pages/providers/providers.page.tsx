import { PageHeader } from '../../parts/page-header.js';

export function Providers() {
  return <PageHeader title="Providers" />;
}
