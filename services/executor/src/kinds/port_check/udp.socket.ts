import { createSocket } from 'node:dgram';
import { EgressError, type ResolvedAddress } from '@tocsin/egress';

export type UdpAnswer = 'reply' | 'silence' | 'unreachable';

/** How long an ICMP answer may take to come back before silence counts; twice that for the second datagram. */
const PATIENCE_MS = 500;

/**
 * Sends two empty datagrams to an address that was judged before: the kernel reports the ICMP answer to the first one
 * no later than with the second.
 * @throws EgressError when this machine cannot send, or the network says the host is not there
 */
export function knockUdp(
  { address, family }: ResolvedAddress,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<UdpAnswer> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const wait = Math.min(PATIENCE_MS, timeoutMs / 2);
  return new Promise<UdpAnswer>((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const end = (settle: () => void) => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      settle();
    };
    const onError = (error: NodeJS.ErrnoException) => {
      end(() => {
        if (error.code === 'ECONNREFUSED') resolve('unreachable');
        else reject(udpError(error, address, port));
      });
    };
    const onAbort = () => {
      end(() => {
        reject(new EgressError('aborted', 'connect', `${address}:${port}: stopped before it was done`));
      });
    };
    const send = () => {
      socket.send(Buffer.alloc(0), (error) => {
        if (error !== null) onError(error);
      });
    };
    signal.addEventListener('abort', onAbort);
    socket.on('error', onError);
    socket.on('message', () => {
      end(() => {
        resolve('reply');
      });
    });
    socket.connect(port, address, () => {
      send();
      timers.push(
        setTimeout(send, wait),
        setTimeout(() => {
          end(() => {
            resolve('silence');
          });
        }, wait * 2),
      );
    });
  });
}

function udpError(error: NodeJS.ErrnoException, address: string, port: number): EgressError {
  const where = `${address}:${port}`;
  if (error.code === 'EHOSTUNREACH')
    return new EgressError('host_unreachable', 'connect', `${where}: the host cannot be reached`, {
      cause: error,
    });
  if (error.code === 'ENETUNREACH')
    return new EgressError('network_unreachable', 'connect', `${where}: this machine has no route there`, {
      cause: error,
    });
  return new EgressError(
    'local_resource',
    'connect',
    `${where}: this machine cannot send (${error.code ?? 'unknown'})`,
    {
      cause: error,
    },
  );
}
