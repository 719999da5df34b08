import type { JsonObject } from '@tocsin/kernel';

/** Credentials in an address are shown wherever the address is: here they are settings. */
export function withoutUserInfo(text: string): { url: string; userInfo: JsonObject | undefined } {
  const url = URL.parse(text);
  if (url === null || (url.username === '' && url.password === '')) return { url: text, userInfo: undefined };
  const userInfo = {
    type: 'basic',
    username: decoded(url.username),
    password: decoded(url.password),
  };
  url.username = '';
  url.password = '';
  return { url: url.href, userInfo };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
