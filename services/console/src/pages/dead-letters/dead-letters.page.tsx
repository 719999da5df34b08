import { PageHeader } from '../../parts/page-header.js';

export function DeadLetters() {
  return <PageHeader title="Dead letters" />;
}
