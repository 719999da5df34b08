import type { JsonObject } from '@tocsin/kernel';
import type { Api } from './api.fixture.js';
import { type Answer, holdToSchema, textAt } from './client.fixture.js';

export const PASSWORD = 'a long enough one 7';

/** Somebody at a browser: it keeps one cookie and says which page asks. */
export interface Browser {
  /** `name=value`; empty when there is none */
  cookie: string;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string, body?: unknown): Promise<Answer>;
  signIn(email: string, password?: string, code?: string): Promise<Answer>;
}

export function openBrowser(url: string, cookie = ''): Browser {
  const browser: Browser = {
    cookie,
    get: (path) => send('GET', path),
    send: (method, path, body, headers) => send(method, path, body, headers),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path, body) => send('DELETE', path, body),
    signIn: (email, password = PASSWORD, code) =>
      send('POST', '/session', { email, password, ...(code === undefined ? {} : { code }) }),
  };

  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(browser.cookie === '' ? {} : { cookie: browser.cookie }),
        ...(method === 'GET' ? {} : { origin: url }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      if (/^(__Host-)?tocsin=/.test(pair)) browser.cookie = pair.endsWith('=') ? '' : pair;
    }
    const text = await response.text();
    const json = (text === '' ? {} : JSON.parse(text)) as JsonObject;
    holdToSchema(method, path, response.status, json);
    return { status: response.status, headers: response.headers, text, body: json, id: textAt(json, 'id') };
  }
  return browser;
}

/** A browser in which somebody with this role has just signed in. */
export async function signedIn(
  api: Api,
  role: 'viewer' | 'editor' | 'admin',
  email = `${role}-${Math.random().toString(36).slice(2)}@example.com`,
): Promise<Browser & { readonly id: string; readonly email: string }> {
  const { id } = await api.admin.post('/users', { email, name: role, role, password: PASSWORD });
  const browser = openBrowser(api.url);
  await browser.signIn(email);
  // One that an administrator chose is to be changed first: as its owner would.
  return Object.assign(browser, { id, email });
}
