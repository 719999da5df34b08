import type { LoggedAlert } from '@tocsin/alerting';
import { addMs, type Instant } from '@tocsin/kernel';

/** More than a server may forget in a power cut, and than clocks differ. */
const UNSURE_MS = 5 * 60_000;

/** What the chain of a shard tells about the log of results it was decided on. */
export interface ChainOfAlerts {
  /** events before the log last lost its tail */
  readonly historic: number;
  /** when the first event after that was true */
  readonly wentBackAt: Instant | undefined;
  readonly lastPosition: number;
  readonly lastAt: Instant | undefined;
}

/** Looks for positions that go backwards, event by event. */
export function createRegressionWatch() {
  let count = 0;
  let historic = 0;
  let wentBackAt: Instant | undefined;
  let lastPosition = 0;
  let lastAt: Instant | undefined;
  return {
    next({ event, at }: LoggedAlert): void {
      if (event.data.position < lastPosition) [historic, wentBackAt] = [count, at];
      lastPosition = event.data.position;
      lastAt = at;
      count += 1;
    },
    seen: (): ChainOfAlerts => ({ historic, wentBackAt, lastPosition, lastAt }),
  };
}

/**
 * Results of slots up to this instant may be missing; undefined when none ever was.
 * @param firstStoredAt when the stream took the first result it holds, if it ever dropped one
 * @param lastSequence of the stream
 */
export function knownSince(
  chains: Iterable<ChainOfAlerts>,
  firstStoredAt: Instant | undefined,
  lastSequence: number,
): Instant | undefined {
  let since = firstStoredAt;
  const notBefore = (at: Instant | undefined) => {
    if (at !== undefined && (since === undefined || at > since)) since = at;
  };
  for (const { wentBackAt, lastPosition, lastAt } of chains) {
    if (wentBackAt !== undefined) notBefore(addMs(wentBackAt, UNSURE_MS));
    // Decided on results that the stream has not got any more, at its end
    if (lastPosition > lastSequence && lastAt !== undefined) notBefore(addMs(lastAt, UNSURE_MS));
  }
  return since;
}
