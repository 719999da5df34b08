import path from 'node:path';
import {
  freePort,
  type NatsOutsider,
  type NatsUser,
  portIsFree,
  startNats,
  startPostgres,
} from '@tocsin/local-stack';
import { type Kept, keepRunning } from './keep-running.process.js';

/** A bundled server that is started again on its port whenever it ends. */
export interface ServerProcess extends Kept {
  name: string;
  port: number;
  /** with the identity that may do everything; known once it has started */
  url: () => string;
}

/** Others have to find it: the port that was chosen, or else NATS' own; without subscribers any will do. */
async function natsPort(chosen: number | undefined, hasSubscribers: boolean): Promise<number> {
  const port = chosen ?? (hasSubscribers ? 4222 : await freePort());
  if (await portIsFree(port)) return port;
  throw new Error(
    `port ${port} is taken by another program: stop it, or set TOCSIN_NATS_PORT to another port`,
  );
}

export interface NatsAudience {
  adminPassword: string;
  users: NatsUser[];
  /** who come from elsewhere, and have to find the port */
  subscribers: NatsOutsider[];
  readers: NatsOutsider[];
  port: number | undefined;
}

export async function natsProcess(
  dataDir: string,
  { adminPassword, users, subscribers, readers, port: chosen }: NatsAudience,
  log: (line: string) => void,
): Promise<ServerProcess & { monitorPort: number }> {
  const [port, monitorPort] = [await natsPort(chosen, subscribers.length > 0), await freePort()];
  const admin = { name: 'admin', password: adminPassword };
  let url = '';
  const launch = async () => {
    const server = await startNats({
      dir: path.join(dataDir, 'nats'),
      port,
      monitorPort,
      users,
      outsiders: [...subscribers, ...readers],
      admin,
    });
    url = server.url;
    return server;
  };
  const kept = keepRunning('nats', launch, log);
  return Object.assign(kept, { name: 'nats', port, monitorPort, url: () => url });
}

export async function postgresProcess(
  dataDir: string,
  password: string,
  log: (line: string) => void,
): Promise<ServerProcess> {
  const port = await freePort();
  let url = '';
  const launch = async () => {
    const server = await startPostgres({ dir: path.join(dataDir, 'postgres'), port, password });
    url = server.url;
    return server;
  };
  const kept = keepRunning('postgres', launch, log);
  return Object.assign(kept, { name: 'postgres', port, url: () => url });
}
