import { DomainError, type JsonValue } from '@tocsin/kernel';

const DEEPEST = 32;

/**
 * @throws DomainError `validation_failed` naming the place: not JSON, nested too deeply, or text that Postgres and
 * JSON cannot both hold (NUL, half a surrogate pair)
 */
export function parseJson(text: string): JsonValue {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw invalid('body', 'is not valid JSON');
  }
  refuseUnstorable(value, [], 'body');
  return value;
}

/** @param part named when the value as a whole is wrong */
export function refuseUnstorable(value: unknown, path: readonly string[], part: string): void {
  const field = path.length === 0 ? part : path.join('.');
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed()))
    throw invalid(field, 'must be text without NUL and broken surrogates');
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= DEEPEST) throw invalid(path.slice(0, 3).join('.'), 'is nested too deeply');
  for (const [key, item] of Object.entries(value)) {
    // Own property or not, nobody downstream should have to think about it.
    if (key === '__proto__' || key.includes('\0') || !key.isWellFormed())
      throw invalid([...path, '?'].join('.'), 'has a name that is not allowed');
    refuseUnstorable(item, [...path, key], part);
  }
}

const invalid = (field: string, message: string): DomainError =>
  new DomainError('validation_failed', `${field}: ${message}`, [{ field, message }]);
