import type { Metrics } from '@tocsin/service-kit';

const made = new WeakMap<Metrics, ReturnType<typeof make>>();

function make(metrics: Metrics) {
  return {
    lag: metrics.gauge<'projection' | 'stream' | 'shard'>({
      name: 'projection_lag_events',
      help: 'sequences between the end of the stream and what the shard has folded',
      labels: ['projection', 'stream', 'shard'],
    }),
    events: metrics.counter<'projection' | 'stream'>({
      name: 'projection_events_total',
      help: 'events folded',
      labels: ['projection', 'stream'],
    }),
    batchSeconds: metrics.histogram<'projection'>({
      name: 'projection_batch_seconds',
      help: 'from the first statement of a batch to its commit',
      labels: ['projection'],
    }),
    deadLetters: metrics.counter<'projection' | 'reason'>({
      name: 'dead_letters_total',
      help: 'events put aside because they could not be decoded or folded',
      labels: ['projection', 'reason'],
    }),
    regressions: metrics.counter<'stream' | 'reason'>({
      name: 'log_regressions_total',
      help: 'times the log was found to have lost or changed what was folded',
      labels: ['stream', 'reason'],
    }),
    shards: metrics.gauge<'projection'>({
      name: 'projection_shards',
      help: 'shards this process owns',
      labels: ['projection'],
    }),
  };
}

/** One set for all projections of a process. */
export function projectionMetrics(metrics: Metrics) {
  const known = made.get(metrics) ?? make(metrics);
  made.set(metrics, known);
  return known;
}
