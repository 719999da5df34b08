import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** `echo` sends every datagram back; on `refuse` the port is closed and the kernel says so. */
export type UdpTargetState = 'echo' | 'silent' | 'refuse';

export interface UdpTarget {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly received: readonly Buffer[];
  set(state: UdpTargetState): Promise<void>;
  stop(): Promise<void>;
}

/** A UDP server to be watched, with a switch. */
export async function startUdpTarget(): Promise<UdpTarget> {
  let state: UdpTargetState = 'echo';
  const received: Buffer[] = [];
  const open = (port: number) =>
    bindUdp(port, (socket, datagram, from) => {
      received.push(datagram);
      if (state === 'echo') socket.send(datagram, from.port, from.address);
    });
  let socket: Socket | undefined = await open(0);
  const { port } = socket.address();
  const close = async () => {
    const closing = socket;
    socket = undefined;
    if (closing) await closeUdp(closing);
  };
  return {
    host: '127.0.0.1',
    port,
    received,
    set: async (next) => {
      state = next;
      if (next === 'refuse') await close();
      else socket ??= await open(port);
    },
    stop: close,
  };
}

/** @param port 0 for a free one */
export async function bindUdp(
  port: number,
  onDatagram: (
    socket: Socket,
    datagram: Buffer,
    from: { readonly address: string; readonly port: number },
  ) => void,
): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, from) => onDatagram(socket, datagram, from));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  // Answers to a client that has left come back as errors of this socket.
  socket.on('error', () => undefined);
  return socket;
}

export async function closeUdp(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
