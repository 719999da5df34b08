import type { CheckCompleted } from '@tocsin/monitoring';
import type { Metrics } from '@tocsin/service-kit';

export interface CheckMetrics {
  begin(): void;
  /** @param seconds from taking the work to the result being stored */
  end(seconds: number): void;
  made(result: CheckCompleted, seconds: number): void;
  secretMiss(): void;
  postponed(): void;
}

export function createCheckMetrics(metrics: Metrics): CheckMetrics {
  let inFlight = 0;
  const checks = metrics.counter({
    name: 'checks_total',
    help: 'Checks made and reported, by kind and outcome',
    labels: ['kind', 'outcome'],
  });
  const took = metrics.histogram({
    name: 'check_seconds',
    help: 'Time a check took with its retries, by kind',
    labels: ['kind'],
  });
  const handled = metrics.histogram({
    name: 'check_handled_seconds',
    help: 'Time from taking a check to its result being stored',
  });
  const misses = metrics.counter({
    name: 'monitor_secret_misses_total',
    help: 'Secrets of monitors that had to be asked for',
  });
  const postponed = metrics.counter({
    name: 'checks_postponed_total',
    help: 'Checks put off because the secret of their monitor was not to be had',
  });
  metrics.gauge({
    name: 'checks_in_flight',
    help: 'Checks being made now',
    collect: (gauge) => gauge.set(inFlight),
  });
  return {
    begin: () => {
      inFlight += 1;
    },
    end: (seconds) => {
      inFlight -= 1;
      handled.observe(seconds);
    },
    made: ({ kind, outcome }, seconds) => {
      checks.inc({ kind, outcome });
      took.observe({ kind }, seconds);
    },
    secretMiss: () => misses.inc(),
    postponed: () => postponed.inc(),
  };
}
