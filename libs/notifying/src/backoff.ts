const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const MIN_DELAY_MS = SECOND;

/** The longest wait after attempt 1, 2, 3 …: just under 24 hours together. */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  4 * HOUR,
  4 * HOUR,
  4 * HOUR,
  4 * HOUR,
];

/**
 * How long to wait after attempt `attempt` (1 is the first) failed; `exhausted` when there is no next one.
 *
 * Full jitter, so that what failed together does not come back together; never sooner than `retryAfterMs`, and
 * spread behind it too, because everybody a destination sent away was given the same figure.
 *
 * @param random in [0, 1)
 */
export function nextAttempt(failed: {
  readonly attempt: number;
  readonly random: number;
  readonly retryAfterMs?: number | undefined;
}): { readonly delayMs: number } | 'exhausted' {
  const ceilingMs = RETRY_SCHEDULE_MS[failed.attempt - 1];
  return ceilingMs === undefined ? 'exhausted' : { delayMs: delayBelow(ceilingMs, failed) };
}

/** @param failed.random in [0, 1) */
export function delayBelow(
  ceilingMs: number,
  failed: { readonly random: number; readonly retryAfterMs?: number | undefined },
): number {
  const floorMs = Math.max(MIN_DELAY_MS, Math.ceil(failed.retryAfterMs ?? 0));
  const spreadMs = Math.max(ceilingMs - floorMs, Math.min(ceilingMs, floorMs) / 10);
  return floorMs + Math.floor(failed.random * spreadMs);
}
