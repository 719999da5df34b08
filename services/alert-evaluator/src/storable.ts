/** Escapes that JSON has and `jsonb` refuses: NUL and half of a surrogate pair. */
const REFUSED =
  /((?:^|[^\\])(?:\\\\)*)(?:\\u0000|\\u(?:d[89ab][0-9a-f]{2})(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2})/g;

/** JSON that `jsonb` takes: what others wrote into an error message must not stop their monitor from being counted. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u')) return text;
  let safe = text;
  for (let before = ''; before !== safe; ) {
    before = safe;
    safe = safe.replace(REFUSED, '$1\\ufffd');
  }
  return safe;
}

/** Text that a `text` column takes. */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
