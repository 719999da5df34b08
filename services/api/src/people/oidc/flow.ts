import { type Instant, type JsonObject, toMs } from '@tocsin/kernel';
import { openSecret, sealSecret } from '@tocsin/service-kit';
import { z } from 'zod';
import type { SecretKeys } from '../../wiring.js';

export const FLOW_SECONDS = 600;
const AAD = 'oidc:flow:1';

const flowSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
  startedAt: z.string(),
});

/** What is remembered of who went to sign in elsewhere, until they are back: in their own browser, sealed. */
export type Flow = z.output<typeof flowSchema>;

const sealedSchema = z.tuple([z.string(), z.base64url(), z.base64url()]);

export function sealFlow(flow: Flow, keys: SecretKeys): string {
  const { keyId, wrappedKey, ciphertext } = sealSecret(keys.present, AAD, JSON.stringify(flow));
  const parts = [keyId, wrappedKey.toString('base64url'), ciphertext.toString('base64url')];
  return parts.join('.');
}

/** Undefined when it is none of ours, or too old. */
export function openFlow(text: string, keys: SecretKeys, now: Instant): Flow | undefined {
  const parts = sealedSchema.safeParse(text.split('.'));
  if (!parts.success) return undefined;
  const [keyId, wrappedKey, ciphertext] = parts.data;
  const bytes = (part: string) => Buffer.from(part, 'base64url');
  try {
    const sealed = { keyId, wrappedKey: bytes(wrappedKey), ciphertext: bytes(ciphertext) };
    const flow = flowSchema.parse(JSON.parse(openSecret(keys.all, AAD, sealed)) as JsonObject);
    return toMs(now) - Date.parse(flow.startedAt) < FLOW_SECONDS * 1000 ? flow : undefined;
  } catch {
    return undefined;
  }
}

/** A path of ours; whatever else was asked for, the first page. */
export function ownPath(path: string | undefined): string {
  if (path === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(path)) return '/';
  const base = 'http://own.invalid';
  const url = URL.canParse(path, base) ? new URL(path, base) : undefined;
  return url?.origin === base ? url.pathname + url.search + url.hash : '/';
}
