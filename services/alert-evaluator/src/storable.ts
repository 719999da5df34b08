/** Escapes, one at a time. JSON writes whole surrogate pairs as they are: one that is escaped is half of a pair. */
const ESCAPE = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * JSON that `jsonb` takes, which refuses NUL and half a surrogate pair: what others wrote into an error message must
 * not stop their monitor from being counted.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u')) return text;
  return text.replace(ESCAPE, (found) => (found.length > 2 ? '\\ufffd' : found));
}

/** Text that a `text` column takes. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
