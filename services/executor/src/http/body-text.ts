import type { EgressResponse } from '@tocsin/egress';

/** The body in the encoding the server declares. */
export function textOf({ body, headers }: Pick<EgressResponse, 'body' | 'headers'>): string {
  const charset = /charset="?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return body.toString('utf8');
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString('utf8');
  }
}
