import type { Bench, Measurement } from './bench.js';
import { bucketsBetween, bucketsOf, quantileBound } from './statistics.js';
import { monitorConfigured } from './world/events.js';
import { startTarget } from './world/forked.process.js';
import { publishAll } from './world/publish.nats.js';
import { ALL_SERVICES, type Stack, startStack } from './world/stack.process.js';
import { type Steady, watch } from './world/steady.process.js';
import { streamsOf } from './world/streams.nats.js';
import { type Memory, memoryOf } from './world/usage.process.js';
import { delay, until } from './world/wait.js';

const FEW = Number(process.env.BENCH_D_FEW ?? 10_000);
const MANY = Number(process.env.BENCH_D_MANY ?? 100_000);
/** A whole round of every one-minute monitor. */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const LATENESS = 'tocsin_due_to_published_seconds';
const EXPECTED_P99_MS = 100;
const EXPECTED_RESIDENT_MIB = 150;

interface Round extends Steady {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly published: number;
  readonly memory: Readonly<Record<string, Memory>>;
}

export const run: Bench['run'] = async (say) => {
  const target = await startTarget();
  const stack = await startStack({ syncInterval: 'default' });
  await stack.startAll();

  await configure(stack, 0, FEW, target.port);
  const few = await round(stack, FEW, say);
  await configure(stack, FEW, MANY, target.port);
  const many = await round(stack, MANY, say);
  await stack.stop();
  await target.stop();

  const name = (count: number) => `${count.toLocaleString('en-US')} one-minute monitors`;
  return [
    lateness(name(FEW), few),
    residence(name(FEW), few, EXPECTED_RESIDENT_MIB),
    lateness(name(MANY), many),
    residence(name(MANY), many),
    load(name(MANY), many),
  ];
};

/** Straight into CONFIG, as the api would have published them. */
async function configure(stack: Stack, from: number, to: number, port: number): Promise<void> {
  const enabledAtMs = Date.now();
  await publishAll(stack.connection, to - from, (n) =>
    monitorConfigured({
      index: from + n,
      intervalSeconds: 60,
      target: `http://127.0.0.${1 + (n % 40)}:${port}/`,
      enabledAtMs,
    }),
  );
}

async function round(stack: Stack, monitors: number, say: (line: string) => void): Promise<Round> {
  const scheduler = stack.service('scheduler');
  const streams = await streamsOf(stack);
  say(`waiting for the first checks of ${monitors} monitors`);
  await until(
    `${monitors} schedules`,
    async () => {
      const known = Number(/^tocsin_schedules\{[^}]*\} (\d+)/m.exec(await scheduler.metrics())?.[1] ?? 0);
      return known >= monitors || undefined;
    },
    { everyMs: 500, withinMs: 300_000 },
  );
  await until(
    'an empty queue',
    async () => ((await streams.held('CHECKS')) < monitors / 200 ? true : undefined),
    { everyMs: 500, withinMs: 300_000 },
  );
  await delay(10_000);

  const before = bucketsOf(await scheduler.metrics(), LATENESS);
  const steady = await watch(stack, SECONDS);
  const buckets = bucketsBetween(before, bucketsOf(await scheduler.metrics(), LATENESS));
  const pids = stack.pids();
  const result: Round = {
    ...steady,
    p50Ms: quantileBound(buckets, 0.5) * 1_000,
    p99Ms: quantileBound(buckets, 0.99) * 1_000,
    published: buckets.get(Infinity) ?? 0,
    memory: Object.fromEntries(ALL_SERVICES.map((name) => [name, memoryOf(pids[name] ?? 0)])),
  };
  say(`${monitors} monitors: p99 ≤ ${result.p99Ms} ms, ${residents(result)}`);
  return result;
}

const residents = ({ memory }: Round): string =>
  Object.entries(memory)
    .map(([service, { residentMiB, peakMiB }]) => `${service} ${residentMiB} (peak ${peakMiB})`)
    .join(', ');

const lateness = (name: string, seen: Round): Measurement => ({
  what: `due to published p99, ${name}`,
  measured: seen.p99Ms,
  unit: 'ms at most',
  expected: { of: 'measured', atMost: EXPECTED_P99_MS },
  note: `upper bound of the histogram's bucket; p50 ≤ ${seen.p50Ms} ms; ${seen.published} checks in ${SECONDS} s, made by a real executor`,
  details: { ...seen },
});

function residence(name: string, seen: Round, atMost?: number): Measurement {
  return {
    what: `largest service resident, ${name}`,
    measured: Math.max(...Object.values(seen.memory).map(({ residentMiB }) => residentMiB)),
    unit: 'MiB',
    ...(atMost === undefined ? {} : { expected: { of: 'measured', atMost } }),
    note: residents(seen),
  };
}

function load(name: string, { usage, perSecond }: Round): Measurement {
  const cores = (ms: number) => (ms / usage.seconds / 1_000).toFixed(2);
  return {
    what: `CPU of everything, ${name}`,
    measured: usage.totalCpuMs / usage.seconds / 1_000,
    unit: 'cores',
    note: `${Object.entries(usage.cpuMs)
      .map(([service, ms]) => `${service} ${cores(ms)}`)
      .join(', ')}; ${Math.round(perSecond)} real HTTP checks/s`,
  };
}
