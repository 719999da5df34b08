export { type BulkType, unnest } from './bulk.js';
export { type ConnectOptions, connectDatabase, ping } from './connect.js';
export { isTransient } from './errors.js';
export { type ListenOptions, listen } from './listen.js';
export { AUDITOR_ROLE, grantSelect, type Migration, migrate } from './migrate.js';
export { type ShardLocks, shardLocks } from './shard-locks.js';
