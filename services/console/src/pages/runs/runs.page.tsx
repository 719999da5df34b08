import { PageHeader } from '../../parts/page-header.js';

export function Runs() {
  return <PageHeader title="Runs" />;
}
