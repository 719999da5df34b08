export interface TimeSources {
  /** milliseconds since the epoch; may jump either way */
  readonly wallMs: () => number;
  /** milliseconds since anything; never goes back */
  readonly monotonicMs: () => number;
}

export interface LogicalClock {
  /** whole milliseconds since the epoch that never go back */
  readonly now: () => number;
  /** From now on at or after this instant: what has been published is in the past. */
  readonly raise: (toMs: number) => void;
  /** How far it runs ahead of the wall, milliseconds; 0 as a rule. */
  readonly aheadMs: () => number;
}

/** While it is ahead of the wall it runs this much slower, until the wall has caught up. */
const SLEW = 0.1;

/**
 * Follows the wall when that jumps ahead: what was skipped is caught up on like a downtime. When the wall goes back it
 * goes on at nine tenths of its speed: no slot comes twice, and none waits for hours until the wall has passed it again.
 */
export function createLogicalClock({ wallMs, monotonicMs }: TimeSources): LogicalClock {
  let logicalMs = wallMs();
  let readAt = monotonicMs();

  function advance(): number {
    const monotonic = monotonicMs();
    const elapsed = Math.max(0, monotonic - readAt);
    readAt = monotonic;
    const wall = wallMs();
    const isAhead = logicalMs + elapsed > wall;
    logicalMs = isAhead ? Math.max(wall, logicalMs + elapsed * (1 - SLEW)) : wall;
    return logicalMs;
  }

  return {
    now: () => Math.floor(advance()),
    raise(toMs) {
      logicalMs = Math.max(advance(), toMs);
    },
    aheadMs: () => Math.max(0, advance() - wallMs()),
  };
}
