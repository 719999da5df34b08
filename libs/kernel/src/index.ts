export { assertNever } from './assert-never.js';
export { DomainError, ERROR_CODES, type ErrorCode, type FieldProblem, PermanentError } from './errors.js';
export { derivedId, isUuid, newId } from './ids.js';
export { addMs, type Instant, isInstant, msBetween, toInstant, toMs } from './instant.js';
export type { JsonObject, JsonValue } from './json.js';
export { ALL_SHARDS, SHARD_COUNT, type Shard, shardIndex, shardOf } from './shard.js';
