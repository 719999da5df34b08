/** When a process that ended is started again. */
export const firstDelayMs = 250;
export const longestDelayMs = 30_000;
/** up for this long, and the next end counts as the first one again */
export const settledAfterMs = 15_000;

/** `previousMs` is the delay before the start that just ended, undefined if there was none. */
export function restartDelay(previousMs: number | undefined, upForMs: number): number {
  if (previousMs === undefined || upForMs >= settledAfterMs) return firstDelayMs;
  return Math.min(previousMs * 2, longestDelayMs);
}
