import type { Artifact } from '@tocsin/monitoring';

/** What a browser may show by itself; everything else is a file to be saved. */
const SHOWN = new Set(['image/png', 'video/webm', 'text/plain']);

/**
 * A report is made by a script that may be anybody's, on the origin of whoever looks at it: it runs as one of nobody's,
 * without the session, and reaches no server.
 */
const PAGE_POLICY = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'media-src data: blob:',
  'font-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FILE_POLICY =
  "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** A page to look at. */
export const isReport = ({ kind, contentType }: Artifact): boolean =>
  kind === 'report' && /^text\/html\b/i.test(contentType);

export function artifactHeaders(artifact: Artifact): Record<string, string> {
  const [type = ''] = artifact.contentType.toLowerCase().split(';');
  const isShown = SHOWN.has(type.trim()) || isReport(artifact);
  const file = artifact.name.split('/').at(-1) ?? artifact.name;
  return {
    'content-type': isShown ? typeShown(type.trim()) : 'application/octet-stream',
    'content-disposition': isShown ? 'inline' : `attachment; ${named(file)}`,
    'content-security-policy': isReport(artifact) ? PAGE_POLICY : FILE_POLICY,
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
  };
}

/** The bytes are what a test wrote: read as anything but UTF-8, they might say something else. */
const typeShown = (type: string): string => (type.startsWith('text/') ? `${type}; charset=utf-8` : type);

/** RFC 6266: a plain name for old clients, and the real one. */
function named(file: string): string {
  const plain = file.replaceAll(/[^A-Za-z0-9._-]/g, '_');
  const encoded = encodeURIComponent(file.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
