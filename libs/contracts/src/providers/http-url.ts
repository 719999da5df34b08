import { z } from 'zod';

/** Credentials in the authority are refused: they end up in logs and mislead about the host (`good.example@evil`). */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2000)
  .refine((text) => !hasUserInfo(text), 'must not contain user name or password; use a header instead');

function hasUserInfo(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username !== '' || url.password !== '';
}
