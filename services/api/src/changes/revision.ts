import { expectedRevision } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Call } from '../http/call.js';

/** @throws DomainError `precondition_failed` when somebody else was faster */
export function requireRevision({ headers }: Call, revision: number): void {
  const expected = expectedRevision(headers['if-match']);
  if (expected !== undefined && expected !== revision)
    throw new DomainError(
      'precondition_failed',
      `it was changed meanwhile: read it again, its ETag is now "${revision}"`,
    );
}

export const notFound = (what: string): DomainError =>
  new DomainError('not_found', `there is no such ${what}`);
