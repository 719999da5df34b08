import { readFileSync } from 'node:fs';
import path from 'node:path';
import { forgetRecord, freePort, portIsFree } from '@tocsin/local-stack';
import { claim, endOrphans } from './data-folder.process.js';
import type { Deployment } from './deployment.js';
import { withIdentity } from './endpoint.js';
import type { Kept } from './keep-running.process.js';
import { planServices } from './plan-services.js';
import { product } from './product.js';
import { untilReady } from './ready.http.js';
import { keepUrls, loadSecrets } from './secrets.store.js';
import { natsProcess, postgresProcess, type ServerProcess } from './server.process.js';
import { type Service, serviceProcess } from './service.process.js';
import { parseSettings } from './settings.js';
import { natsSubscribers } from './subscribers.js';

export interface LocalOptions {
  dataDir?: string;
  port?: number;
  /** what the command line's environment would say; default: this process's */
  env?: NodeJS.ProcessEnv;
  log?: (line: string) => void;
  /** gives up starting, and stops what already runs */
  signal?: AbortSignal;
  deployment?: Deployment;
}

export interface Local {
  url: string;
  dataDir: string;
  tokenFile: string;
  /** the administrator's token, as the api wrote it on its first start */
  token: () => string;
  /** the identities that may do everything */
  natsUrl: string;
  databaseUrl: string;
  services: Record<string, Service>;
  /** undefined where the operator's own server is used */
  nats: Kept | undefined;
  postgres: Kept | undefined;
  /** resolves when every service says it is ready */
  ready: (signal?: AbortSignal) => Promise<void>;
  stop: () => Promise<void>;
}

/** A laggard is killed at eight seconds; the servers have the rest of the ten. Both survive a kill without loss. */
const serviceGraceMs = 8000;
const serverGraceMs = 1500;

export async function startLocal(options: LocalOptions = {}): Promise<Local> {
  const { env = process.env, log = console.log, deployment = product } = options;
  const signal = options.signal ?? new AbortController().signal;
  const settings = parseSettings(
    {
      ...env,
      ...(options.port === undefined ? {} : { TOCSIN_PORT: String(options.port) }),
      ...(options.dataDir === undefined ? {} : { TOCSIN_DATA_DIR: options.dataDir }),
    },
    process.cwd(),
  );
  const { dataDir, port } = settings;
  const tokenFile = path.join(dataDir, 'token');
  const lock = claim(dataDir);
  const servers: ServerProcess[] = [];
  const services: Service[] = [];

  const stop = async () => {
    await Promise.all(services.toReversed().map((service) => service.stop(serviceGraceMs)));
    await Promise.all(servers.toReversed().map((server) => server.stop(serverGraceMs)));
    forgetRecord(lock, process.pid);
  };

  try {
    // 1. Nothing of an earlier start is in the way
    await endOrphans(dataDir, log);
    if (!(await portIsFree(port)))
      throw new Error(
        `port ${port} is taken by another program: stop it, or set TOCSIN_PORT to another port`,
      );

    // 2. The servers, with what they have to know of the services
    const { reader } = deployment;
    const readers = reader === undefined ? [] : [reader];
    const names = [...deployment.services, ...readers].map(({ name }) => name);
    const secrets = loadSecrets(dataDir, names, env.TOCSIN_SECRET_KEY);
    const nats =
      settings.natsUrl === undefined
        ? await natsProcess(
            dataDir,
            {
              adminPassword: secrets.natsAdmin,
              users: deployment.natsUsers(secrets.nats),
              subscribers: natsSubscribers(env),
              readers: readers.map(({ name, access }) => ({
                name,
                access,
                password: secrets.nats[name] ?? '',
              })),
              port: settings.natsPort,
            },
            log,
          )
        : undefined;
    const postgres =
      settings.databaseUrl === undefined
        ? await postgresProcess(dataDir, secrets.postgresAdmin, log)
        : undefined;
    servers.push(...[nats, postgres].filter((server) => server !== undefined));
    await Promise.all(servers.map((server) => server.start()));
    signal.throwIfAborted();
    const natsUrl = settings.natsUrl ?? nats?.url() ?? '';
    const databaseUrl = settings.databaseUrl ?? postgres?.url() ?? '';

    // 3. Streams, users, roles, tables: the one identity that may create them is used here and not passed on
    const rolePasswords = Object.fromEntries(
      [...deployment.services, ...readers].flatMap(({ name, databaseRole }) =>
        databaseRole === undefined ? [] : [[databaseRole, secrets.postgres[name] ?? '']],
      ),
    );
    await deployment.provision({
      natsUrl,
      databaseUrl,
      rolePasswords: postgres ? rolePasswords : undefined,
      env,
    });
    keepUrls(dataDir, 'operator', { natsUrl, databaseUrl });
    if (reader !== undefined && nats !== undefined && postgres !== undefined)
      keepUrls(dataDir, 'auditor', {
        natsUrl: withIdentity(natsUrl, reader.name, secrets.nats[reader.name] ?? ''),
        databaseUrl: withIdentity(databaseUrl, reader.databaseRole, secrets.postgres[reader.name] ?? ''),
      });
    signal.throwIfAborted();

    // 4. The services
    const ports = new Map<string, number>();
    for (const { name, isFront } of deployment.services) ports.set(name, isFront ? port : await freePort());
    const bundled = { nats: nats !== undefined, postgres: postgres !== undefined };
    const monitor = nats ? [`127.0.0.1:${nats.monitorPort}`] : [];
    const plan = planServices(deployment.services, {
      env,
      secrets,
      natsUrl,
      databaseUrl,
      bundled,
      ports,
      otherEndpoints: monitor,
      tokenFile,
      logLevel: settings.logLevel,
    });
    const { consoleLevel } = settings;
    services.push(...plan.map((planned) => serviceProcess({ ...planned, dataDir, consoleLevel, log })));
    await Promise.all(services.map((service) => service.start()));
    await untilReady(services, log, signal);

    return {
      url: `http://127.0.0.1:${port}`,
      dataDir,
      tokenFile,
      token: () => readFileSync(tokenFile, 'utf8').trim(),
      natsUrl,
      databaseUrl,
      services: Object.fromEntries(services.map((service) => [service.name, service])),
      nats,
      postgres,
      ready: (until = signal) => untilReady(services, log, until),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
