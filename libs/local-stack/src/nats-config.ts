/** A run-time identity: the subjects it may publish to and subscribe to, nothing else. */
export interface NatsUser {
  name: string;
  password: string;
  publish: string[];
  subscribe: string[];
}

export interface NatsConfig {
  serverName: string;
  host: string;
  port: number;
  /** loopback only: what it shows (connections, subjects) is for operators on the machine */
  monitorPort: number;
  storeDir: string;
  pidFile?: string;
  /** `always`: an acknowledged event survives a power cut. `default`: the server's two minutes, for tests and benchmarks */
  syncInterval: 'always' | 'default';
  maxMemoryBytes: number;
  maxStoreBytes: number;
  /** the deploy-time identity, who may do everything */
  admin: { name: string; password: string };
  users: NatsUser[];
  /** how a password is written; default: as text. A file that is published refers to the environment instead */
  passwordOf?: (user: { name: string; password: string }) => string;
}

// Text in double quotes: never a number, never a $variable, and JSON's escapes are the ones it knows.
const quote = (text: string) => JSON.stringify(text);

/** To the server an empty allow list means "everything", so "nothing" has to be said as a denial. */
const permission = (subjects: string[]) =>
  subjects.length === 0 ? '{ deny: [">"] }' : `{ allow: [${subjects.map(quote).join(', ')}] }`;

const userBlock = (user: NatsUser, password: string) => `    {
      user: ${quote(user.name)}
      password: ${password}
      permissions {
        publish: ${permission(user.publish)}
        subscribe: ${permission(user.subscribe)}
      }
    }`;

export function natsConfig(config: NatsConfig): string {
  const { host, port, monitorPort, pidFile, admin, users } = config;
  const passwordOf = config.passwordOf ?? (({ password }) => quote(password));
  return `server_name: ${quote(config.serverName)}
listen: ${quote(`${host}:${port}`)}
http: ${quote(`127.0.0.1:${monitorPort}`)}
${pidFile === undefined ? '' : `pid_file: ${quote(pidFile)}\n`}max_payload: 1MB
jetstream {
  store_dir: ${quote(config.storeDir)}
  max_memory_store: ${config.maxMemoryBytes}
  max_file_store: ${config.maxStoreBytes}
${config.syncInterval === 'always' ? '  sync_interval: always\n' : ''}}
authorization {
  users: [
    { user: ${quote(admin.name)}, password: ${passwordOf(admin)} }
${users.map((user) => `${userBlock(user, passwordOf(user))}\n`).join('')}  ]
}
`;
}
