import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as after } from 'node:timers/promises';
import { type Listening, listenOnLoopback } from './listen.js';

export interface FakeRequest {
  /** milliseconds since the Unix epoch, when the body was complete */
  readonly at: number;
  readonly method: string;
  /** path with query */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `reset` cuts the connection without an answer; `hang` keeps it open and never answers. */
export type FakeAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  | 'reset'
  | 'hang';

export interface TlsKeyPair {
  /** PEM */
  readonly key: string;
  /** PEM, leaf first */
  readonly cert: string;
}

export interface HttpServing extends Listening {
  /** `http://127.0.0.1:<port>` or `https://…`, without a trailing slash */
  readonly url: string;
}

/** A real HTTP server whose every answer is one function of the request. */
export async function serveHttp(
  answerTo: (request: FakeRequest) => FakeAnswer,
  options: { readonly tls?: TlsKeyPair; readonly now?: () => number } = {},
): Promise<HttpServing> {
  const now = options.now ?? Date.now;
  const listener: RequestListener = (request, response) => {
    const answered = (async () => {
      const body = Buffer.concat(await request.toArray());
      await write(response, answerTo(toFakeRequest(request, body, now())));
    })();
    // The client or `stop` cut the connection: nobody is left to answer.
    answered.catch(() => response.destroy());
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  const listening = await listenOnLoopback(server);
  return { ...listening, url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${listening.port}` };
}

function toFakeRequest(request: IncomingMessage, body: Buffer, at: number): FakeRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
  return { at, method: request.method ?? '', path: request.url ?? '', headers, body };
}

async function write(response: ServerResponse, answer: FakeAnswer): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer.delayMs) await after(answer.delayMs, undefined, { ref: false });
  // A kept connection would meet the next fault half-way; every request starts from connecting.
  response.shouldKeepAlive = false;
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
