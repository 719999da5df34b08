import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface Listening {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Stops accepting, as a process that is not there: the kernel answers with a reset. */
  readonly refuse: () => Promise<void>;
  /** Accepts again on the same port. @throws when another process took it meanwhile */
  readonly accept: () => Promise<void>;
  /** Resets every open connection. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Binds a server to loopback.
 * @param port 0 for a free one
 */
export async function listenOnLoopback(server: Server, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A client that goes away mid-answer is what these servers exist for.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;

  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const refuse = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    // Keep-alive clients would hold `close` back for ever.
    cut();
    await closed;
  };
  const accept = async () => {
    if (server.listening) return;
    server.listen(bound, '127.0.0.1');
    await once(server, 'listening');
  };
  return { host: '127.0.0.1', port: bound, refuse, accept, cut, stop: refuse };
}
