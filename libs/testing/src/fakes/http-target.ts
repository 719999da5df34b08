import { type FakeAnswer, type FakeRequest, serveHttp, type TlsKeyPair } from './serve-http.js';

export type HttpTargetState =
  | 'up'
  /** answers 500 */
  | 'error'
  /** nobody listens */
  | 'refuse'
  | 'slow'
  | 'wrong_keyword'
  | 'redirect'
  /** accepts and never answers */
  | 'hang'
  | 'reset';

export interface HttpTarget {
  /** no trailing slash */
  readonly url: string;
  readonly port: number;
  /** oldest first, since the start */
  readonly requests: readonly FakeRequest[];
  /** Resolves when the next request meets the new state. */
  set(state: HttpTargetState): Promise<void>;
  stop(): Promise<void>;
}

export interface HttpTargetOptions {
  /** part of the page while `up`; `all is well` unless told */
  readonly keyword?: string;
  /** milliseconds before a `slow` answer; 5,000 unless told */
  readonly slowMs?: number;
  /** where `redirect` leads; `/moved` unless told, which answers as `up` does */
  readonly redirectTo?: string;
  readonly tls?: TlsKeyPair;
}

/** An HTTP server to be watched, with a switch. */
export async function startHttpTarget(options: HttpTargetOptions = {}): Promise<HttpTarget> {
  const { keyword = 'all is well', slowMs = 5_000, redirectTo = '/moved' } = options;
  const requests: FakeRequest[] = [];
  let state: HttpTargetState = 'up';
  const answers: Readonly<Record<HttpTargetState, (path: string) => FakeAnswer>> = {
    up: () => page(keyword),
    error: () => ({ status: 500, body: 'something broke' }),
    // The listener is closed; this is for a connection that was accepted just before.
    refuse: () => 'reset',
    slow: () => page(keyword, slowMs),
    wrong_keyword: () => page('nothing to see'),
    redirect: (path) =>
      path === redirectTo ? page(keyword) : { status: 302, headers: { location: redirectTo } },
    hang: () => 'hang',
    reset: () => 'reset',
  };
  const server = await serveHttp(
    (request) => {
      requests.push(request);
      return answers[state](request.path);
    },
    options.tls ? { tls: options.tls } : {},
  );
  return {
    url: server.url,
    port: server.port,
    requests,
    set: async (next) => {
      state = next;
      await (next === 'refuse' ? server.refuse() : server.accept());
    },
    stop: server.stop,
  };
}

const page = (text: string, delayMs = 0): FakeAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><title>target</title><p>${text}</p>`,
  delayMs,
});
