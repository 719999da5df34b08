import { randomUUID } from 'node:crypto';
import {
  freePort,
  type NatsOutsider,
  type NatsServer,
  type NatsUser,
  startNats,
  temporaryFolder,
} from '@tocsin/local-stack';
import pg from 'pg';

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database for one test file, so that files run side by side: `freshDatabase(inject('pgUrl'))`. */
export async function freshDatabase(pgUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(pgUrl, `create database ${name}`);
  const url = new URL(pgUrl);
  url.pathname = `/${name}`;
  // "force" ends what the test left connected: it has made its point by now
  return { url: url.href, drop: () => administer(pgUrl, `drop database if exists ${name} with (force)`) };
}

export interface FreshNats extends NatsServer {
  /** SIGKILL, then the same server on the same port and folder; handles of before stay true but for their `pid` */
  restart: () => Promise<void>;
  remove: () => Promise<void>;
}

/** A NATS server for one test file (some 50 ms): stream names are the product's own and must not meet. */
export async function freshNats(users: NatsUser[] = [], outsiders: NatsOutsider[] = []): Promise<FreshNats> {
  const folder = temporaryFolder();
  const admin = { name: 'admin', password: randomUUID() };
  const port = await freePort();
  const start = () => startNats({ dir: folder.dir, port, users, outsiders, admin, syncInterval: 'default' });
  let server = await start();
  return {
    ...server,
    kill: () => server.kill(),
    stop: (graceMs) => server.stop(graceMs),
    restart: async () => {
      await server.kill();
      server = await start();
    },
    remove: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
