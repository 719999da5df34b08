import { accountOf, CORE_ACCOUNT, exportsTo, type NatsOutsider } from './nats-accounts.js';
import { permission, quote } from './nats-text.js';

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
  outsiders?: NatsOutsider[];
  /** how a password is written; default: as text. A file that is published refers to the environment instead */
  passwordOf?: (user: { name: string; password: string }) => string;
}

const userBlock = (user: NatsUser, password: string) => `      {
        user: ${quote(user.name)}
        password: ${password}
        permissions {
          publish: ${permission(user.publish)}
          subscribe: ${permission(user.subscribe)}
        }
      }
`;

export function natsConfig(config: NatsConfig): string {
  const { host, port, monitorPort, pidFile, admin, users, outsiders = [] } = config;
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
accounts {
  ${CORE_ACCOUNT} {
    jetstream: enabled
    users: [
      { user: ${quote(admin.name)}, password: ${passwordOf(admin)} }
${users.map((user) => userBlock(user, passwordOf(user))).join('')}    ]
${exportsTo(outsiders)}  }
${outsiders.map((outsider) => accountOf(outsider, passwordOf(outsider))).join('')}}
`;
}
