export { canonicalJson } from './canonical-json.js';
export type { BrokenTrail, TrailRow } from './trail.js';
export { appendToTrail, createTrail, verifyTrail } from './trail.store.js';
