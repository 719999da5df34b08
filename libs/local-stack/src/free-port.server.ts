import { randomInt } from 'node:crypto';
import net from 'node:net';

const taken = new Set<number>();

/** Whether something could listen on this loopback port right now. */
export function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port to give to a server. Chosen below the range from which the kernel takes ports for outgoing connections
 * (32768 on Linux): otherwise any connection could occupy it while a killed server is being restarted.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (!taken.has(port) && (await portIsFree(port))) {
      taken.add(port);
      return port;
    }
  }
}
