import type { NewEvent } from '@tocsin/contracts';
import type { Metrics } from '@tocsin/service-kit';

export interface ClockView {
  readonly schedules: number;
  readonly shards: number;
  readonly aheadSeconds: number;
  readonly inFlight: number;
}

export interface SchedulerMetrics {
  /** @param lateSeconds from the slot to the answer of the log */
  published(event: NewEvent, lateSeconds: number): void;
  refused(): void;
  /** asked at each scrape */
  watch(look: () => ClockView): void;
}

const LATENESS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

export function schedulerMetrics(metrics: Metrics): SchedulerMetrics {
  const late = metrics.histogram({
    name: 'due_to_published_seconds',
    help: 'Time from the slot of a check to its being in the log, by trigger',
    labels: ['trigger'],
    buckets: LATENESS,
  });
  const due = metrics.counter({
    name: 'checks_due_total',
    help: 'Checks published as due, by trigger',
    labels: ['trigger'],
  });
  const missed = metrics.counter({
    name: 'missed_total',
    help: 'Slots recorded as missed because no scheduler ran',
  });
  const heartbeats = metrics.counter({
    name: 'heartbeats_missed_total',
    help: 'Deadlines of heartbeats that passed without one',
  });
  const refusals = metrics.counter({
    name: 'checks_refused_total',
    help: 'Events that the log will never take: their slots are lost',
  });
  let look = (): ClockView => ({ schedules: 0, shards: 0, aheadSeconds: 0, inFlight: 0 });
  const gauge = (name: string, help: string, value: () => number) =>
    metrics.gauge({ name, help, collect: (self) => self.set(value()) });
  gauge('schedules', 'Monitors this process keeps the time of', () => look().schedules);
  gauge('clock_shards', 'Shards this process keeps the time of', () => look().shards);
  gauge('clock_ahead_seconds', 'How far time here runs ahead of the wall', () => look().aheadSeconds);
  gauge('checks_publishing', 'Events on their way to the log', () => look().inFlight);
  return {
    published(event, lateSeconds) {
      if (event.type === 'CheckDue') {
        late.observe({ trigger: event.data.trigger }, Math.max(0, lateSeconds));
        due.inc({ trigger: event.data.trigger });
      } else if (event.type === 'CheckMissed') missed.inc(event.data.count);
      else if (event.type === 'CheckCompleted') heartbeats.inc();
    },
    refused: () => refusals.inc(),
    watch: (view) => {
      look = view;
    },
  };
}
