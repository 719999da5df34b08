const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Doubling from 50 ms to 2 s. @param attempt 1 after the first failure */
export function retryDelayMs(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
}
