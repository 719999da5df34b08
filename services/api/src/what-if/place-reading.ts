import type { KnownAlert, UnkeptHour } from '@tocsin/alerting';
import { addMs, type Instant } from '@tocsin/kernel';
import { HOUR_MS, hourAfter, hourOf, merged, type Span } from './hours.js';
import type { PlaceHours } from './hours.store.js';

/** How the past of a monitor at one location is to be read. */
export interface PlaceReading {
  /** single results to load */
  readonly spans: readonly Span[];
  /** hours with trouble of which single results are kept */
  readonly kept: readonly UnkeptHour[];
  /** hours with trouble of which they are not */
  readonly estimated: readonly UnkeptHour[];
  /** hours after such trouble in which all went well */
  readonly quiet: readonly UnkeptHour[];
}

export interface PlaceGiven {
  readonly location: string;
  /** undefined: the rollups have nothing of it */
  readonly hours: PlaceHours | undefined;
  /** those after trouble, in which thresholds are still counted */
  readonly after: readonly UnkeptHour[];
  readonly alerts: readonly KnownAlert[];
  /** from when on single results are kept; undefined: none are */
  readonly firstResult: Instant | undefined;
  readonly start: Instant;
  readonly to: Instant;
}

/** Results one by one where something went wrong, and where figures are not made yet; rollups for all the rest. */
export function readingOf(given: PlaceGiven): PlaceReading {
  const { location, hours, after, alerts, firstResult, start, to } = given;
  const keptFrom = firstResult === undefined ? undefined : hourOf(firstResult);
  const isKept = (at: Instant) => keptFrom !== undefined && at >= keptFrom;
  const bad = hours?.bad ?? [];
  const ends = new Set(bad.map(({ startAt }) => startAt));
  const good = after.filter(({ startAt }) => !ends.has(startAt));
  const spans: Span[] = [...bad, ...good]
    .filter(({ startAt }) => isKept(startAt))
    .map(({ startAt }) => ({ from: startAt, to: hourAfter(startAt) }));
  if (keptFrom !== undefined) {
    // The newest hour may not have all of its figures yet
    const known = hours?.last ?? start;
    spans.push({ from: known > keptFrom ? known : keptFrom, to });
    for (const slot of certificateSlots(alerts, location))
      if (isKept(slot)) spans.push({ from: slot, to: addMs(slot, 1) });
  }
  return {
    spans: merged(spans.filter((span) => span.from < span.to)),
    kept: bad.filter(({ startAt }) => isKept(startAt) && startAt < (hours?.last ?? start)),
    estimated: bad.filter(({ startAt }) => !isKept(startAt)),
    quiet: good.filter(({ startAt, successes }) => !isKept(startAt) && successes > 0),
  };
}

/** The sights of a certificate that began and ended an alert: such a result is a success like any other in the rollups. */
const certificateSlots = (alerts: readonly KnownAlert[], location: string): Instant[] =>
  alerts
    .filter(({ type }) => type === 'ssl_expiring')
    .flatMap(({ evidence, resolvedEvidence }) => [...evidence, ...resolvedEvidence])
    .filter((one) => one.location === location)
    .map(({ slot }) => slot);

/** The last hour of each stretch of trouble: what follows it is still of interest. */
export function endsOfTrouble(bad: readonly UnkeptHour[]): readonly Instant[] {
  const starts = new Set(bad.map(({ startAt }) => startAt));
  return bad.map(({ startAt }) => startAt).filter((startAt) => !starts.has(addMs(startAt, HOUR_MS)));
}
