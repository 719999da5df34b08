export { canonicalJson } from './canonical-json.js';
export type { Head } from './chain-check.js';
export { CHAINED_STREAMS, type ChainedStream, type ChainedTable, tableOf } from './chained-table.js';
export type { Judgement } from './decisions.js';
export { type Difference, type DifferenceKind, type Place, whereIs } from './difference.js';
export type { BrokenTrail, TrailRow } from './trail.js';
export { appendToTrail, createTrail, verifyTrail } from './trail.store.js';
export { type Verified, type VerifiedStream, type VerifyOptions, verifyLive } from './verify-live.js';
