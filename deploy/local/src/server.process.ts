import path from 'node:path';
import { freePort, type NatsUser, startNats, startPostgres } from '@tocsin/local-stack';
import { type Kept, keepRunning } from './keep-running.process.js';

/** A bundled server that is started again on its port whenever it ends. */
export interface ServerProcess extends Kept {
  name: string;
  port: number;
  /** with the identity that may do everything; known once it has started */
  url: () => string;
}

export async function natsProcess(
  dataDir: string,
  adminPassword: string,
  users: NatsUser[],
  log: (line: string) => void,
): Promise<ServerProcess & { monitorPort: number }> {
  const [port, monitorPort] = [await freePort(), await freePort()];
  const admin = { name: 'admin', password: adminPassword };
  let url = '';
  const launch = async () => {
    const server = await startNats({ dir: path.join(dataDir, 'nats'), port, monitorPort, users, admin });
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
