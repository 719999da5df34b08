import { msBetween } from '@tocsin/kernel';
import type { Metrics } from '@tocsin/service-kit';
import type { Turn } from './turn.store.js';

export interface RunsMetrics {
  took(turn: Pick<Turn, 'live' | 'events'>): void;
  /** another replica keeps the queue */
  idle(): void;
}

const WAITS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

export function runsMetrics(metrics: Metrics): RunsMetrics {
  let [queued, going] = [0, 0];
  metrics.gauge({
    name: 'runs_queued',
    help: 'Runs that wait for their turn; 0 where another replica keeps the queue',
    collect: (self) => self.set(queued),
  });
  metrics.gauge({
    name: 'runs_going',
    help: 'Runs that an executor may take or has taken; 0 where another replica keeps the queue',
    collect: (self) => self.set(going),
  });
  const waited = metrics.histogram({
    name: 'run_queue_wait_seconds',
    help: 'Time from the queuing of a run to its being offered to executors',
    buckets: WAITS,
  });
  const missed = metrics.counter({
    name: 'runs_missed_total',
    help: 'Slots of jobs that were not run, by reason',
    labels: ['reason'],
  });
  const finished = metrics.counter({
    name: 'runs_finished_total',
    help: 'Runs that ended without an executor having said so, by status',
    labels: ['status'],
  });
  return {
    took({ live, events }) {
      queued = live.filter(({ state }) => state === 'queued').length;
      going = live.length - queued;
      const queuedAt = new Map(live.map((run) => [run.runId, run.queuedAt]));
      for (const { type, data, time } of events)
        if (type === 'RunDue') {
          const since = queuedAt.get(data.runId) ?? time;
          waited.observe(Math.max(0, msBetween(since, time)) / 1_000);
          going += 1;
          queued -= 1;
        } else if (type === 'RunMissed') missed.inc({ reason: data.reason }, data.count);
        else if (type === 'RunCompleted') finished.inc({ status: data.status });
    },
    idle() {
      [queued, going] = [0, 0];
    },
  };
}
