/** What decides when something runs. The id is a uuid: it sets the phase, so that equal intervals spread. */
export interface Schedule {
  readonly id: string;
  readonly intervalSeconds: number;
}

/** Slots nobody will run any more, first and last included. */
export interface MissedSlots {
  readonly firstSlotMs: number;
  readonly lastSlotMs: number;
  readonly count: number;
}

/** What to do about the slots in `(from, now]`: run at most one of them, record the others. */
export interface CatchUp {
  readonly dueMs?: number;
  readonly missed?: MissedSlots;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Maps A–F to a–f and leaves digits and dashes alone: one uuid has one phase however it is spelled. */
const LOWER_CASE_BIT = 0x20;

/** FNV-1a, then the finaliser of MurmurHash3: FNV alone leaves neighbouring (v7) uuids in neighbouring phases. */
function hash32(id: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < id.length; i++) {
    hash = Math.imul(hash ^ (id.charCodeAt(i) | LOWER_CASE_BIT), FNV_PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Where in its interval an id runs: 0 up to, not including, `intervalMs`.
 * @throws RangeError when the interval is not a positive whole number
 */
export function phaseMs(id: string, intervalMs: number): number {
  if (!Number.isSafeInteger(intervalMs) || intervalMs <= 0) {
    throw new RangeError(`an interval is a positive whole number of milliseconds, not ${intervalMs}`);
  }
  return hash32(id) % intervalMs;
}

/** The last slot at or before an instant, in milliseconds since the epoch. */
export function latestSlotMs(schedule: Schedule, atMs: number): number {
  const intervalMs = schedule.intervalSeconds * 1000;
  const phase = phaseMs(schedule.id, intervalMs);
  return Math.floor((atMs - phase) / intervalMs) * intervalMs + phase;
}

/** The first slot after an instant, never the instant itself. */
export function nextSlotMs(schedule: Schedule, afterMs: number): number {
  return latestSlotMs(schedule, afterMs) + schedule.intervalSeconds * 1000;
}

/** All slots in `(fromMs, toMs]`, in order; none when the range is empty or backwards. */
export function slots(schedule: Schedule, fromMs: number, toMs: number): number[] {
  const found: number[] = [];
  const intervalMs = schedule.intervalSeconds * 1000;
  for (let slot = nextSlotMs(schedule, fromMs); slot <= toMs; slot += intervalMs) found.push(slot);
  return found;
}

/**
 * Of the slots in `(fromMs, nowMs]` the latest is due and the earlier ones are missed. A clock that went back
 * finds nothing until it has passed `fromMs` again, so that no slot runs twice.
 */
export function catchUp(schedule: Schedule, fromMs: number, nowMs: number): CatchUp {
  return catchUpOnGrid(nextSlotMs(schedule, fromMs), schedule.intervalSeconds * 1000, nowMs);
}

/** The same rule for any evenly spaced instants, of which `firstMs` has not been dealt with yet. */
export function catchUpOnGrid(firstMs: number, intervalMs: number, nowMs: number): CatchUp {
  if (nowMs < firstMs) return {};
  const count = Math.floor((nowMs - firstMs) / intervalMs);
  const dueMs = firstMs + count * intervalMs;
  if (count === 0) return { dueMs };
  return { dueMs, missed: { firstSlotMs: firstMs, lastSlotMs: dueMs - intervalMs, count } };
}
