import { type Local, startLocal } from '@tocsin/local';
import { freePort, temporaryFolder } from '@tocsin/local-stack';

export interface Answer<Body = Json> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}
// biome-ignore lint/suspicious/noExplicitAny: what the api answers is what these tests are about
export type Json = any;

export interface Product {
  readonly local: Local;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  readonly get: (path: string) => Promise<Json>;
  /** @throws when the answer is not a success */
  readonly post: (path: string, body?: unknown) => Promise<Json>;
  /** lines of the supervisor and the services */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** The whole product as real processes in a folder of its own, allowed to look at this machine. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const folder = temporaryFolder();
  const lines: string[] = [];
  let local: Local;
  try {
    local = await startLocal({
      dataDir: folder.dir,
      port: await freePort(),
      env: { PATH: process.env.PATH ?? '', TOCSIN_EGRESS_ALLOW: '127.0.0.0/8', ...env },
      log: (line) => lines.push(line),
    });
  } catch (error) {
    folder.remove();
    throw new Error(`the product does not start:\n${lines.slice(-40).join('\n')}`, { cause: error });
  }

  const call: Product['call'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${local.url}${path.startsWith('/') ? path : `/api/v1/${path}`}`, {
      method,
      headers: {
        authorization: `Bearer ${local.token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: answer.status,
      body: isJson && text !== '' ? JSON.parse(text) : text,
      headers: answer.headers,
    };
  };
  const succeed = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  return {
    local,
    lines,
    call,
    get: (path) => succeed('GET', path),
    post: (path, body) => succeed('POST', path, body),
    stop: async () => {
      await local.stop();
      folder.remove();
    },
  };
}

/** The policy most stories use: told at the second failure, over at the second success. */
export const alertConfig = (providers: readonly string[], rest: Json = {}) => ({
  enabled: true,
  notificationProviders: providers,
  failureThreshold: 2,
  recoveryThreshold: 2,
  ...rest,
});
