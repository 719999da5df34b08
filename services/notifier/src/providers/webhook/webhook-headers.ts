import { createHmac } from 'node:crypto';
import { RESERVED_HEADERS, type WebhookConfig } from '@tocsin/contracts';
import { type Instant, toMs } from '@tocsin/kernel';

interface Attempt {
  /** the same on every attempt; without a dot, which separates the parts of the signed text */
  readonly id: string;
  /** of this attempt, so that a receiver's tolerance holds for the tenth one too */
  readonly now: Instant;
  readonly method: WebhookConfig['method'];
  readonly body: string;
  /** the user's own */
  readonly headers: Readonly<Record<string, string>>;
  /** empty: not signed; several, separated by spaces: signed with each */
  readonly signingSecret: string;
}

/** The user's headers may replace our defaults, never what frames the request or vouches for it. */
export function webhookHeaders(attempt: Attempt): Record<string, string> {
  const { id, method, body, headers, signingSecret } = attempt;
  const timestamp = String(Math.floor(toMs(attempt.now) / 1000));
  const chosen = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !RESERVED_HEADERS.has(name));
  return {
    'user-agent': 'Tocsin',
    ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(chosen),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signingSecret === ''
      ? {}
      : { 'webhook-signature': signatures(signingSecret, `${id}.${timestamp}.${body}`) }),
  };
}

function signatures(secrets: string, signed: string): string {
  return secrets
    .split(' ')
    .map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    .join(' ');
}
