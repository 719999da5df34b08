import { DomainError } from '@tocsin/kernel';
import { z } from 'zod';

export const ifMatchHeader = z
  .object({ 'if-match': z.string().optional() })
  .meta({ description: 'the ETag the change is based on' });

export const etagOf = (revision: number): string => `"${revision}"`;

/**
 * The revision an `If-Match` asks for; undefined when any will do.
 * @throws DomainError `validation_failed` with the field `If-Match`
 */
export function expectedRevision(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const digits = /^(?:W\/)?"([1-9]\d{0,14})"$/.exec(ifMatch.trim())?.[1];
  if (digits !== undefined) return Number(digits);
  const message = 'must be one ETag as it was given, such as "3", or *';
  throw new DomainError('validation_failed', `If-Match ${message}`, [{ field: 'If-Match', message }]);
}
