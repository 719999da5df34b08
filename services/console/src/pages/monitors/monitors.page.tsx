import { PageHeader } from '../../parts/page-header.js';

export function Monitors() {
  return <PageHeader title="Monitors" />;
}
