/** Control character and half characters that Postgres takes neither as text nor as jsonb. */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** What a target sent must not decide whether its result is kept. */
export const storableText = (text: string): string =>
  text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text;

/** JSON that Postgres takes as jsonb. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!UNSTORABLE.test(text)) return text;
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' ? storableText(one).toWellFormed() : one,
  );
}

/** A reason as it is stored; null when there is none. */
export const storableError = (
  error: { readonly code: string; readonly message: string } | undefined,
): string | null => (error === undefined ? null : storableJson({ code: error.code, message: error.message }));
