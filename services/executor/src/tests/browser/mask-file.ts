import type { Mask } from '../mask.js';

/**
 * A file without secrets that still is what it was: of JSON, and of JSON line by line, only what is text is changed. A
 * secret of four digits is in every timestamp, and a trace with asterisks for digits cannot be opened.
 */
export function maskFile(name: string, content: Buffer, mask: Mask): Buffer {
  const masked = mask.bytes(content);
  if (masked.equals(content) || !JSON_FILE.test(name)) return masked;
  const text = content.toString();
  return Buffer.from(
    jsonOf(text, mask) ??
      text
        .split('\n')
        .map((line) => lineOf(line, mask))
        .join('\n'),
  );
}

/** What Playwright calls its own, and what everybody does. */
const JSON_FILE = /\.(?:json|jsonl|trace|network|stacks)$/;

function jsonOf(text: string, mask: Mask): string | undefined {
  try {
    return JSON.stringify(maskValue(JSON.parse(text), mask));
  } catch {
    return undefined;
  }
}

const lineOf = (line: string, mask: Mask) => (line === '' ? line : (jsonOf(line, mask) ?? mask.text(line)));

function maskValue(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask.text(value);
  // The whole of it and not some of its digits: 0 says as little as asterisks.
  if (typeof value === 'number') return /^\*+$/.test(mask.text(String(value))) ? 0 : value;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [mask.text(key), maskValue(item, mask)]),
  );
}
