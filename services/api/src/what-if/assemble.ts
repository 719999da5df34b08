import {
  DEFAULT_ALERT_CONFIG,
  estimateHour,
  type FailingSpan,
  type History,
  type HistoryStep,
  type KnownAlert,
  type Observation,
  type PolicyChanged,
  seedAt,
} from '@tocsin/alerting';
import { addMs, type Instant } from '@tocsin/kernel';
import { HOUR_MS } from './hours.js';
import type { PlaceReading } from './place-reading.js';

export interface AssembleGiven {
  /** where the fold begins */
  readonly start: Instant;
  readonly policies: readonly PolicyChanged[];
  readonly alerts: readonly KnownAlert[];
  readonly results: readonly Observation[];
  readonly readings: readonly PlaceReading[];
}

interface Timed {
  readonly at: Instant;
  /** at the same instant configuration comes first, as it does for the evaluator */
  readonly order: number;
  readonly step: HistoryStep;
}

/** The past of one target, one thing after the other. */
export function assemble({ start, policies, alerts, results, readings }: AssembleGiven): History {
  const spans = alerts.filter(({ type }) => type === 'failure').map(spanOf);
  const estimated = readings.flatMap((reading) =>
    reading.estimated.flatMap((hour) => {
      const here = alerts
        .flatMap(({ evidence }) => evidence)
        .filter((one) => one.location === hour.location && within(hour.startAt, one.slot));
      return estimateHour(hour, here, spans);
    }),
  );
  const timed: Timed[] = [
    ...distinct([...results, ...estimated]).map((observation) => ({
      at: observation.finishedAt,
      order: 2,
      step: { kind: 'result' as const, observation },
    })),
    ...readings.flatMap(({ quiet }) => quiet.map(quietStep)),
    ...policiesFrom(start, policies),
  ];
  const { flapThreshold } = inForceAt(start, policies)?.alertConfig ?? DEFAULT_ALERT_CONFIG;
  return { ...seedAt(start, alerts, flapThreshold), steps: timed.toSorted(byTime).map(({ step }) => step) };
}

const within = (hour: Instant, at: Instant) => at >= hour && at < addMs(hour, HOUR_MS);

const spanOf = ({ since, resolvedAt }: KnownAlert): FailingSpan => ({
  from: since,
  to: resolvedAt ?? '9999-12-31T00:00:00.000Z',
});

const quietStep = ({ location, startAt, successes }: PlaceReading['quiet'][number]): Timed => ({
  at: startAt,
  order: 1,
  step: {
    kind: 'quiet',
    spell: { location, successes, firstSlot: startAt, lastSlot: addMs(startAt, HOUR_MS - 1) },
  },
});

const inForceAt = (at: Instant, policies: readonly PolicyChanged[]): PolicyChanged | undefined =>
  policies.findLast(({ changedAt }) => changedAt <= at);

/** The one in force when it begins, whenever that was made, and those that came later. */
function policiesFrom(start: Instant, policies: readonly PolicyChanged[]): Timed[] {
  const inForce = inForceAt(start, policies);
  const later = policies.filter(({ changedAt }) => changedAt > start);
  return [...(inForce === undefined ? [] : [inForce]), ...later].map(
    ({ position: _position, ...policy }) => ({
      at: policy.changedAt,
      order: 0,
      step: { kind: 'policy', policy },
    }),
  );
}

/** A result may have been asked for twice. */
function distinct(results: readonly Observation[]): Observation[] {
  return [...new Map(results.map((one) => [`${one.location} ${one.slot}`, one])).values()];
}

function byTime(a: Timed, b: Timed): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.order !== b.order) return a.order - b.order;
  const slotOf = ({ step }: Timed) => (step.kind === 'result' ? step.observation.slot : '');
  return slotOf(a) < slotOf(b) ? -1 : Number(slotOf(a) > slotOf(b));
}
