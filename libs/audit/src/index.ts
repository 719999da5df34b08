export type { Head } from './chain-check.js';
export { CHAINED_STREAMS, type ChainedStream, type ChainedTable, tableOf } from './chained-table.js';
export {
  type Checkpoint,
  CheckpointError,
  generateCheckpointKeys,
  keyFingerprint,
  readCheckpoint,
  signCheckpoint,
} from './checkpoint.js';
export { compareCheckpoint, compareFileWithCheckpoint, takeCheckpoint } from './compare-checkpoint.js';
export { compareFile } from './compare-file.js';
export type { Judgement } from './decisions.js';
export { type Difference, type DifferenceKind, type Place, whereIs } from './difference.js';
export { type ExportOptions, exportLog } from './export-log.js';
export type { BrokenTrail, TrailRow } from './trail.js';
export { appendToTrail, createTrail, verifyTrail } from './trail.store.js';
export { NoLogFileError, type VerifiedFile, verifyFile } from './verify-file.js';
export { type Verified, type VerifiedStream, type VerifyOptions, verifyLive } from './verify-live.js';
