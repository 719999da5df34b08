import { isJsonTemplate } from '@tocsin/notifying';
import { z } from 'zod';
import type { ConfigSchema } from '../config-schema.js';
import { httpUrl } from './http-url.js';

/** Headers that frame the request or vouch for it belong to the sender alone. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);

const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be a header name')
  .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), 'this header is set by Tocsin itself');

const headerValue = z
  .string()
  .max(2000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be one line of Latin-1 text');

export const webhookHeaders = z
  .record(headerName, headerValue)
  .refine((headers) => Object.keys(headers).length <= 30, 'at most 30 headers');

const schema = z.strictObject({
  url: httpUrl,
  method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
  headers: webhookHeaders.optional(),
  /** replaces the standard body; `{{variables}}` are substituted JSON-escaped */
  bodyTemplate: z
    .string()
    .max(2000)
    .refine(
      (template) => template.trim() === '' || isJsonTemplate(template),
      'must be JSON once its variables are filled in; text variables belong inside quotes',
    )
    .optional(),
  /** `whsec_` and base64 of 24 to 64 bytes; two of them, separated by a space, while one replaces the other */
  signingSecret: z
    .string()
    .max(300)
    .refine((secrets) => isSigningSecret(secrets), 'must be whsec_ and the base64 of 24 to 64 bytes')
    .optional(),
});

export type WebhookConfig = z.output<typeof schema>;

export const webhookConfig: ConfigSchema<WebhookConfig> = {
  schema,
  secretPaths: (config) => [
    ['url'],
    ...Object.keys(config.headers ?? {}).map((name) => ['headers', name]),
    ...(config.signingSecret === undefined ? [] : [['signingSecret']]),
  ],
};

function isSigningSecret(secrets: string): boolean {
  const list = secrets.split(' ');
  return list.length <= 2 && list.every((secret) => isOneSecret(secret));
}

function isOneSecret(secret: string): boolean {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(secret)?.[1];
  if (base64 === undefined) return false;
  const bytes = (base64.length / 4) * 3 - (base64.length - base64.replace(/=+$/, '').length);
  return bytes >= 24 && bytes <= 64;
}
