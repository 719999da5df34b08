import type { Bench } from './bench.js';

const lazily = (name: string, title: string, load: () => Promise<{ run: Bench['run'] }>): Bench => ({
  name,
  title,
  run: async (say) => (await load()).run(say),
});

/** In the order in which they run. A bench loads its own file, so that one that cannot start stops no other. */
export const benches: readonly Bench[] = [
  lazily(
    'event-log',
    'the library alone, next to bare NATS and Postgres',
    () => import('./event-log.bench.js'),
  ),
  lazily('a', 'results/s through result-projector and alert-evaluator', () => import('./a-fold.bench.js')),
  lazily('b', 'HTTP checks/s of one executor', () => import('./b-executor.bench.js')),
  lazily('c', 'failing check finished to provider called', () => import('./c-alert-latency.bench.js')),
  lazily('d', '100,000 one-minute monitors', () => import('./d-scale.bench.js')),
  lazily('e', 'rebuild speed', () => import('./e-rebuild.bench.js')),
  lazily('f', 'the whole pipeline with real HTTP checks', () => import('./f-pipeline.bench.js')),
  lazily('verify', 'the whole log verified', () => import('./verify.bench.js')),
  lazily('replay', 'tables made again beside the live ones', () => import('./replay.bench.js')),
  lazily('what-if', 'a month of 1,000 monitors under other settings', () => import('./what-if.bench.js')),
  lazily('jobs', 'runs of jobs, next to bare Playwright', () => import('./jobs.bench.js')),
];
