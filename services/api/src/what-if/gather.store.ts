import {
  type AlertConfigChange,
  type History,
  type KnownAlert,
  type Observation,
  type PolicyChanged,
  successesThatSettle,
  type UnkeptHour,
} from '@tocsin/alerting';
import { addMs, type Instant } from '@tocsin/kernel';
import type { Database } from '../wiring.js';
import { assemble } from './assemble.js';
import { hourAfter, hourOf } from './hours.js';
import { firstResults, loadHours, loadHoursAfter, type PlaceHours } from './hours.store.js';
import { loadAlerts, loadPolicies, type PastTarget } from './past-of-targets.store.js';
import { endsOfTrouble, type PlaceReading, readingOf } from './place-reading.js';
import { portionsOf } from './portions.js';
import { loadDailyResults, loadResults } from './results-of-past.store.js';
import { loadRuns } from './runs-of-past.store.js';

export interface Window {
  /** where the folding begins: what came shortly before the period may still count in it */
  readonly start: Instant;
  readonly to: Instant;
}

/** The past of a target as far as it can still be found out. */
export interface Gathered {
  readonly target: PastTarget;
  readonly history: History;
  /** the alerts that were raised */
  readonly alerts: readonly KnownAlert[];
  readonly coveredFrom: Instant | undefined;
  /** undefined: all of it is exact */
  readonly exactFrom: Instant | undefined;
  readonly estimatedHours: number;
  readonly results: number;
  readonly resultsRead: number;
}

/** Results held for targets that are folded together: who is down for months has hundreds of thousands. */
const MOST_RESULTS = 100_000;

/** The pasts of some targets, a few questions for all of them together, as many at a time as can be held. */
export async function* gather(
  db: Database,
  targets: readonly PastTarget[],
  { start, to }: Window,
  change: AlertConfigChange,
): AsyncGenerator<Gathered[], void> {
  const ids = targets.map(({ id }) => id);
  const monitorIds = idsOf(targets, ({ kind }) => kind === 'monitor');
  const jobIds = idsOf(targets, ({ kind }) => kind === 'job');
  const withCertificate =
    change.alertOnSslExpiration === true || change.enabled === true
      ? idsOf(targets, ({ hasCertificate }) => hasCertificate)
      : [];
  const [policies, alerts, places, kept, runs, daily] = await Promise.all([
    loadPolicies(db, ids, to),
    // A certificate is told once a day, flapping is counted over an hour
    loadAlerts(db, ids, addMs(start, -86_400_000), to),
    loadHours(db, monitorIds, hourOf(start), to),
    firstResults(db, monitorIds),
    loadRuns(db, jobIds, start, to),
    loadDailyResults(db, withCertificate, start, to),
  ]);
  const keep = successesToKeep(policies, change);
  const after = await loadHoursAfter(db, hoursToFollow(places, alerts, start), keep, to);
  const placesOf = Map.groupBy(places, ({ monitorId }) => monitorId);
  const afterOf = Map.groupBy(after, ({ monitorId }) => monitorId);
  const readings = new Map(
    monitorIds.map((id) => [
      id,
      readingsOf({
        places: placesOf.get(id) ?? [],
        after: (afterOf.get(id) ?? []).map(({ hour }) => hour),
        alerts: alerts.get(id) ?? [],
        policies: policies.get(id) ?? [],
        firstResult: kept.get(id),
        start,
        to,
      }),
    ]),
  );
  const rangesOf = ({ id: monitorId }: PastTarget) =>
    (readings.get(monitorId) ?? []).flatMap(({ location, reading }) =>
      reading.spans.map((span) => ({ monitorId, location, ...span })),
    );
  const weightOf = ({ id }: PastTarget) =>
    (readings.get(id) ?? []).reduce((sum, { reading }) => sum + troublesOf(reading), 0);
  for (const some of portionsOf(targets, weightOf, MOST_RESULTS)) {
    const results = await loadResults(db, some.flatMap(rangesOf), keep);
    yield some.map((target) => gathered(target, results));
  }

  function gathered(target: PastTarget, results: ReadonlyMap<string, readonly Observation[]>): Gathered {
    const { id, kind } = target;
    const here = placesOf.get(id) ?? [];
    const read = [...(results.get(id) ?? []), ...(daily.get(id) ?? []), ...(runs.get(id) ?? [])];
    const of = (readings.get(id) ?? []).map(({ reading }) => reading);
    const checks = here.reduce((sum, place) => sum + place.checks, 0);
    return {
      target,
      history: assemble({
        start,
        policies: policies.get(id) ?? [],
        alerts: alerts.get(id) ?? [],
        results: read,
        readings: of,
      }),
      alerts: alerts.get(id) ?? [],
      coveredFrom: kind === 'job' ? start : earliest([kept.get(id), ...here.map(({ first }) => first)]),
      ...exactness(of, read),
      results: kind === 'job' ? read.length : Math.max(checks, read.length),
      resultsRead: read.length,
    };
  }
}

const troublesOf = ({ kept }: PlaceReading): number =>
  kept.reduce((sum, { failures, errors }) => sum + failures + errors, 0);

const idsOf = (targets: readonly PastTarget[], wanted: (target: PastTarget) => boolean): string[] =>
  targets.filter(wanted).map(({ id }) => id);

const earliest = (instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.filter((at) => at !== undefined).toSorted()[0];

/** As many as any rule, past or supposed, can still count. */
function successesToKeep(
  policies: ReadonlyMap<string, readonly PolicyChanged[]>,
  { recoveryThreshold = 1 }: AlertConfigChange,
): number {
  const thresholds = [...policies.values()].flat().map(({ alertConfig }) => alertConfig.recoveryThreshold);
  return Math.max(successesThatSettle(recoveryThreshold), ...thresholds.map(successesThatSettle));
}

function hoursToFollow(
  places: readonly PlaceHours[],
  alerts: ReadonlyMap<string, readonly KnownAlert[]>,
  start: Instant,
) {
  return places.flatMap(({ monitorId, location, bad }) => {
    const isOpen = (alerts.get(monitorId) ?? []).some(({ raisedAt }) => raisedAt < start);
    const ends = [...endsOfTrouble(bad), ...(isOpen ? [addMs(hourOf(start), -1)] : [])];
    return ends.map((after) => ({ monitorId, location, after }));
  });
}

interface MonitorGiven {
  readonly places: readonly PlaceHours[];
  readonly after: readonly UnkeptHour[];
  readonly alerts: readonly KnownAlert[];
  readonly policies: readonly PolicyChanged[];
  readonly firstResult: Instant | undefined;
  readonly start: Instant;
  readonly to: Instant;
}

function readingsOf({ places, after, policies, ...given }: MonitorGiven) {
  const named = policies.at(-1)?.locations ?? [];
  const locations = new Set([...places.map(({ location }) => location), ...named]);
  return [...locations].map((location) => ({
    location,
    reading: readingOf({
      ...given,
      location,
      hours: places.find((place) => place.location === location),
      after: distinctHours(after.filter((hour) => hour.location === location)),
    }),
  }));
}

const distinctHours = (hours: readonly UnkeptHour[]): UnkeptHour[] => [
  ...new Map(hours.map((hour) => [hour.startAt, hour])).values(),
];

/** An hour is exact when there is a result for each failure that its figures count. */
function exactness(readings: readonly PlaceReading[], results: readonly Observation[]) {
  const troubles = new Map<string, number>();
  for (const { location, slot, result } of results) {
    if (result === 'success') continue;
    const key = `${location} ${hourOf(slot)}`;
    troubles.set(key, (troubles.get(key) ?? 0) + 1);
  }
  const isWhole = ({ location, startAt, failures, errors }: UnkeptHour) =>
    (troubles.get(`${location} ${startAt}`) ?? 0) >= failures + errors;
  const inexact = readings.flatMap(({ estimated, kept }) => [
    ...estimated,
    ...kept.filter((hour) => !isWhole(hour)),
  ]);
  const last = inexact
    .map(({ startAt }) => startAt)
    .toSorted()
    .at(-1);
  return { exactFrom: last === undefined ? undefined : hourAfter(last), estimatedHours: inexact.length };
}
