import { createServer } from 'node:net';
import { listenOnLoopback } from './listen.js';

/** `silent` accepts and says nothing; `reset` accepts and cuts. */
export type TcpTargetState = 'up' | 'refuse' | 'silent' | 'reset';

export interface TcpTarget {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** connections accepted since the start */
  connections(): number;
  set(state: TcpTargetState): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A TCP server to be watched, with a switch.
 * @param banner what it says to every connection while `up`
 */
export async function startTcpTarget({ banner = '' }: { readonly banner?: string } = {}): Promise<TcpTarget> {
  let state: TcpTargetState = 'up';
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    if (state === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    if (state === 'up' && banner !== '') socket.write(banner);
    // Reading is what lets the socket notice that the other side has left.
    socket.resume();
  });
  const listening = await listenOnLoopback(server);
  return {
    host: listening.host,
    port: listening.port,
    connections: () => accepted,
    set: async (next) => {
      state = next;
      await (next === 'refuse' ? listening.refuse() : listening.accept());
    },
    stop: listening.stop,
  };
}
