import { PageHeader } from '../../parts/page-header.js';

export function Run() {
  return <PageHeader title="Run" />;
}
