/** Control character and half characters that Postgres takes neither as text nor as jsonb. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** The same value as jsonb can hold it: what a target said must not decide whether somebody is told. */
export function storable<T extends object>(value: T): T {
  const text = JSON.stringify(value);
  if (!UNSTORABLE.test(text)) return value;
  const clean = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' ? one.replaceAll('\u0000', '\ufffd').toWellFormed() : one,
  );
  return JSON.parse(clean) as T;
}
