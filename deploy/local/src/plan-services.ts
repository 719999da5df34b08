import type { ServiceSpec } from './deployment.js';
import { endpointsOf, withIdentity } from './endpoint.js';
import { serviceEnvironment } from './environment.js';
import type { LocalSecrets } from './secrets.store.js';

export interface PlanInput {
  env: NodeJS.ProcessEnv;
  secrets: LocalSecrets;
  natsUrl: string;
  databaseUrl: string;
  /** a bundled server has an identity per service; the operator's own is used under the one we were given */
  bundled: { nats: boolean; postgres: boolean };
  ports: Map<string, number>;
  /** `host:port` that nobody may have us connect to, besides the servers and the services */
  otherEndpoints: string[];
  tokenFile: string;
  logLevel: string;
}

export interface PlannedService {
  name: string;
  entry: string;
  port: number;
  env: Record<string, string>;
}

/** Each service with the environment it is to be started in. */
export function planServices(specs: ServiceSpec[], input: PlanInput): PlannedService[] {
  const { env, secrets, natsUrl, databaseUrl, bundled, ports, tokenFile, logLevel } = input;
  const ownEndpoints = [
    ...endpointsOf(natsUrl, 4222),
    ...endpointsOf(databaseUrl, 5432),
    ...input.otherEndpoints,
    ...[...ports.values()].map((port) => `127.0.0.1:${port}`),
  ];
  const front = specs.find(({ isFront }) => isFront)?.name ?? '';
  const publicUrl = `http://127.0.0.1:${ports.get(front) ?? 0}`;
  return specs.map((spec) => {
    const { name, entry, databaseRole } = spec;
    const port = ports.get(name);
    const natsPassword = secrets.nats[name];
    const rolePassword = secrets.postgres[name];
    if (port === undefined || natsPassword === undefined || rolePassword === undefined)
      throw new Error(`${name} has no port or no password`);
    const ownDatabaseUrl = () =>
      bundled.postgres && databaseRole !== undefined
        ? withIdentity(databaseUrl, databaseRole, rolePassword)
        : databaseUrl;
    const around = {
      natsUrl: bundled.nats ? withIdentity(natsUrl, name, natsPassword) : natsUrl,
      databaseUrl: databaseRole === undefined ? undefined : ownDatabaseUrl(),
      port,
      publicUrl,
      secretKey: secrets.secretKey,
      tokenFile,
      ownEndpoints,
      logLevel,
    };
    return { name, entry, port, env: serviceEnvironment(spec, around, env) };
  });
}
