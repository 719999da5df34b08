import path from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { loadSecrets, type PlannedService, planServices, product } from '@tocsin/local';
import { freePort, startNats, startPostgres, temporaryFolder } from '@tocsin/local-stack';
import { connectNats, createLogger, type NatsHandle } from '@tocsin/service-kit';
import pg from 'pg';
import { stoppable } from './cleanup.js';
import { type RunningService, runCommand, startService } from './service.process.js';

export type ServiceName =
  | 'api'
  | 'scheduler'
  | 'executor'
  | 'result-projector'
  | 'alert-evaluator'
  | 'notifier';

export const ALL_SERVICES: readonly ServiceName[] = [
  'api',
  'scheduler',
  'executor',
  'result-projector',
  'alert-evaluator',
  'notifier',
];

export interface StackOptions {
  /** `always`: what a single node runs with; `default`: what the nodes of a cluster run with */
  readonly syncInterval: 'always' | 'default';
  /** told to every service */
  readonly env?: Readonly<Record<string, string>>;
}

/** Real servers, provisioned like the product's, and the services as processes of their own. */
export interface Stack {
  /** with the identities that may do everything */
  readonly nats: NatsHandle;
  readonly connection: NatsConnection;
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly sql: pg.Pool;
  /** process ids of the servers and of the services that run */
  readonly pids: () => Record<string, number>;
  readonly start: (name: ServiceName) => Promise<RunningService>;
  readonly startAll: () => Promise<void>;
  readonly service: (name: ServiceName) => RunningService;
  /** `node dist/main.js <command>` with the service's environment */
  readonly command: (name: ServiceName, command: string) => Promise<void>;
  readonly tokenFile: string;
  readonly stop: () => Promise<void>;
}

export async function startStack({ syncInterval, env = {} }: StackOptions): Promise<Stack> {
  const folder = temporaryFolder();
  const { dir } = folder;
  const undo: (() => unknown)[] = [folder.remove];
  const stop = stoppable(async () => {
    for (const step of undo.toReversed()) await step();
  });

  // 1. The servers, as the product starts them
  const secrets = loadSecrets(dir, [...ALL_SERVICES], undefined);
  const nats = await startNats({
    dir: path.join(dir, 'nats'),
    port: await freePort(),
    users: product.natsUsers(secrets.nats),
    admin: { name: 'admin', password: secrets.natsAdmin },
    syncInterval,
  });
  undo.push(() => nats.stop());
  const password = secrets.postgresAdmin;
  const postgres = await startPostgres({
    dir: path.join(dir, 'postgres'),
    port: await freePort(),
    password,
    durable: true,
  });
  undo.push(() => postgres.stop());

  // 2. Streams, users, roles
  const rolePasswords = Object.fromEntries(
    product.services.flatMap(({ name, databaseRole }) =>
      databaseRole === undefined ? [] : [[databaseRole, secrets.postgres[name] ?? '']],
    ),
  );
  await product.provision({ natsUrl: nats.url, databaseUrl: postgres.url, rolePasswords, env: {} });

  // 3. What each service is told
  const ports = new Map<string, number>();
  for (const { name } of product.services) ports.set(name, await freePort());
  const tokenFile = path.join(dir, 'token');
  const plan = planServices(product.services, {
    env: { ...process.env, TOCSIN_EGRESS_ALLOW: '127.0.0.0/8', ...env },
    secrets,
    natsUrl: nats.url,
    databaseUrl: postgres.url,
    bundled: { nats: true, postgres: true },
    ports,
    otherEndpoints: [],
    tokenFile,
    logLevel: 'warn',
  });
  const planOf = (name: string): PlannedService => {
    const planned = plan.find((one) => one.name === name);
    if (planned === undefined) throw new Error(`no service ${name}`);
    return planned;
  };

  // 4. Our own connections
  const handle = connectNats({
    url: nats.url,
    name: 'bench',
    logger: createLogger({ name: 'bench', level: 'warn' }),
  });
  undo.push(() => handle.close());
  const sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  sql.on('error', () => undefined);
  undo.push(() => sql.end());

  const running = new Map<ServiceName, RunningService>();
  undo.push(() => Promise.all([...running.values()].map((service) => service.stop())));
  const start = async (name: ServiceName) => {
    const service = await startService(planOf(name), dir);
    running.set(name, service);
    void service.exited.then(() => running.delete(name));
    return service;
  };
  return {
    nats: handle,
    connection: await handle.connection(),
    databaseUrl: postgres.url,
    natsUrl: nats.url,
    sql,
    pids: () => ({
      nats: nats.pid,
      postgres: postgres.pid,
      ...Object.fromEntries([...running].map(([name, { pid }]) => [name, pid])),
    }),
    start,
    startAll: async () => {
      await Promise.all(ALL_SERVICES.map(start));
      await Promise.all([...running.values()].map((service) => service.ready()));
    },
    service: (name) => {
      const service = running.get(name);
      if (service === undefined) throw new Error(`${name} does not run`);
      return service;
    },
    command: (name, command) => runCommand(planOf(name), dir, command),
    tokenFile,
    stop,
  };
}
