import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import type { Issued } from './certificate-authority.js';

export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** `http://host:port` or `https://host:port` */
  readonly url: string;
  /** connections accepted so far */
  connections(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ServeOptions {
  readonly tls?: Issued | undefined;
  readonly host?: string | undefined;
  /** default: a free one */
  readonly port?: number | undefined;
}

export function serveHttp(handler: RequestListener, options: ServeOptions = {}): Promise<TestServer> {
  const { tls } = options;
  const server =
    tls === undefined ? createHttp(handler) : createHttps({ key: tls.key, cert: tls.cert }, handler);
  return listening(server, options);
}

export function serveTcp(handler: (socket: Socket) => void, options: ServeOptions = {}): Promise<TestServer> {
  const server = createTcp((socket) => {
    handler(socket);
    // Who does not read does not notice that the other side is gone.
    socket.resume();
  });
  return listening(server, options);
}

async function listening(server: Server, options: ServeOptions): Promise<TestServer> {
  const { host = '127.0.0.1' } = options;
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count++;
    sockets.add(socket);
    // Clients of these servers hang up as they please.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host,
    port,
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    connections: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function closedPort(): Promise<number> {
  await using server = await serveTcp(() => undefined);
  return server.port;
}
