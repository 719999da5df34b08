import type { JsonValue } from '@tocsin/kernel';
import { JSONPathEnvironment } from 'json-p3';

/** Regular expressions are not RE2 here and could hold up every other check. */
const environment = new JSONPathEnvironment();
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/** What an RFC 9535 path selects; undefined when it cannot be evaluated. */
export function selectJson(path: string, document: JsonValue): readonly unknown[] | undefined {
  try {
    return environment.compile(path).query(document).values();
  } catch {
    return undefined;
  }
}

export type JsonScalar = string | number | boolean | null;

export const isScalar = (value: unknown): value is JsonScalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Forms and URLs know only text: 200 and "200" are meant to be the same. */
export const isSame = (value: unknown, expected: JsonScalar): boolean =>
  value === expected || (isScalar(value) && String(value) === String(expected));
