import type { Metrics } from '@tocsin/service-kit';

const made = new WeakMap<Metrics, ReturnType<typeof make>>();

function make(metrics: Metrics) {
  return {
    handled: metrics.counter<'worker' | 'outcome'>({
      name: 'work_handled_total',
      help: 'messages of the work queue by what became of them',
      labels: ['worker', 'outcome'],
    }),
    inFlight: metrics.gauge<'worker'>({
      name: 'work_in_flight',
      help: 'messages being worked on',
      labels: ['worker'],
    }),
  };
}

/** One set for all workers of a process. */
export function workMetrics(metrics: Metrics): ReturnType<typeof make> {
  const known = made.get(metrics) ?? make(metrics);
  made.set(metrics, known);
  return known;
}
