import { Secret } from './secret.js';

const redacted = '[redacted]';
const secretKey =
  /pass(word|phrase|wd)?$|^pass|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|access[-_]?key|credential|signature|webhook[-_]?url|^headers$|^body$|^payload$/i;
const deepest = 6;
const mostItems = 50;
const longestText = 4096;

/** A URL as it may be shown: without userinfo, query and fragment. */
export function safeUrl(url: string | URL): string {
  const text = String(url);
  const match = /^([a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#]*@)?([^?#]*)/i.exec(text);
  return `${match?.[1] ?? ''}${match?.[2] ?? ''}`;
}

/** Text of others (an error's message, say): what in it is a URL or looks like a credential is made safe. */
export function safeText(text: string): string {
  return text
    .slice(0, longestText)
    .replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, (url) => safeUrl(url))
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`)
    .replace(
      /\b([\w-]*(?:password|passwd|secret|token|api[-_]?key|authorization))(["']?\s*[=:]\s*["']?)(?!(?:bearer|basic)\s)[^\s"',;&]+/gi,
      `$1$2${redacted}`,
    );
}

function safeError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause } = error as Error & { code?: unknown };
  return {
    type: error.name,
    message: safeText(error.message),
    stack: safeText(error.stack ?? ''),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
    ...(error instanceof AggregateError
      ? { errors: error.errors.slice(0, 5).map((one) => redact(one, depth + 1)) }
      : {}),
  };
}

/** A copy that may be logged: secret keys, URLs' credentials and anything deeper than a log line should go are out. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Secret) return redacted;
  if (value instanceof URL) return safeUrl(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= deepest) return '[deep]';
  if (value instanceof Error) return safeError(value, depth);
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, mostItems)
      .map(([key, item]) => [key, secretKey.test(key) ? redacted : redact(item, depth + 1)]),
  );
}
