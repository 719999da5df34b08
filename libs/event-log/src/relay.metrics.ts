import type { Metrics } from '@tocsin/service-kit';

const made = new WeakMap<Metrics, ReturnType<typeof make>>();

function make(metrics: Metrics) {
  return {
    published: metrics.counter<'stream'>({
      name: 'relay_published_total',
      help: 'events taken from the outbox to the log',
      labels: ['stream'],
    }),
    repaired: metrics.counter<'stream'>({
      name: 'relay_repaired_total',
      help: 'events that the log had lost and that were published again',
      labels: ['stream'],
    }),
  };
}

/** One set for all relays of a process. */
export function relayMetrics(metrics: Metrics) {
  const known = made.get(metrics) ?? make(metrics);
  made.set(metrics, known);
  return known;
}
