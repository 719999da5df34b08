import { problem, type Route, routes } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** the body as JSON; `{}` when there is none */
  readonly body: JsonObject;
  /** of the body; `''` when it has none */
  readonly id: string;
}

export interface Client {
  readonly token: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** body as it is, text included */
  send(method: string, path: string, body: string, headers: Record<string, string>): Promise<Answer>;
}

/** Every answer it sees is held to the schema of its route, every refusal to that of a problem. */
export function clientFor(url: string, token: string): Client {
  const send = async (
    method: string,
    path: string,
    text: string | undefined,
    headers: Record<string, string>,
  ) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    const body = (answer === '' ? {} : JSON.parse(answer)) as JsonObject;
    holdToSchema(method, path, response.status, body);
    return { status: response.status, headers: response.headers, text: answer, body, id: textAt(body, 'id') };
  };
  const json =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      body === undefined
        ? send(method, path, undefined, headers)
        : send(method, path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  return {
    token,
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    post: json('POST'),
    put: json('PUT'),
    patch: json('PATCH'),
    delete: (path, headers = {}) => send('DELETE', path, undefined, headers),
    send: (method, path, body, headers) => send(method, path, body, headers),
  };
}

export function holdToSchema(method: string, path: string, status: number, body: unknown): void {
  if (status >= 400) {
    problem.parse(body);
    return;
  }
  routeOf(method, path)?.answer.schema?.parse(body);
}

export function routeOf(method: string, path: string): Route | undefined {
  const [plain = ''] = path.split('?');
  const matches = routes.filter(
    (route) =>
      route.method === method.toLowerCase() &&
      new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(`/api/v1${plain}`),
  );
  return matches.find((route) => !route.path.includes('{')) ?? matches[0];
}

/** A text of a body; `''` when it is none. */
export function textAt(body: JsonObject, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
