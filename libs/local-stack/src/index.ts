export type { ChildExit, ChildProcessHandle } from './child.process.js';
export { startChild } from './child.process.js';
export { freePort, portIsFree } from './free-port.server.js';
export type { NatsOptions, NatsServer } from './nats.server.js';
export { startNats } from './nats.server.js';
export { CORE_ACCOUNT, type NatsOutsider, storeBytes } from './nats-accounts.js';
export { findNatsServer } from './nats-binary.server.js';
export type { NatsConfig, NatsUser } from './nats-config.js';
export { natsConfig } from './nats-config.js';
export type { PostgresOptions, PostgresServer } from './postgres.server.js';
export { startPostgres } from './postgres.server.js';
export type { RecordedProcess } from './recorded.process.js';
export {
  commandLine,
  endProcess,
  endRecorded,
  forgetRecord,
  processIdentity,
  readRecord,
  recordProcess,
} from './recorded.process.js';
export { temporaryFolder } from './temporary-folder.server.js';
