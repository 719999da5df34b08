import { PageHeader } from '../../parts/page-header.js';

export function Tokens() {
  return <PageHeader title="Tokens" />;
}
