import type { Bench } from './bench.js';
import { apiClient } from './world/api.client.js';
import { startTarget } from './world/forked.process.js';
import { ALL_SERVICES, startStack } from './world/stack.process.js';
import { watch } from './world/steady.process.js';
import { memoryOf, perUnit } from './world/usage.process.js';
import { delay } from './world/wait.js';

/** One-second monitors: as many checks per second are offered. */
const MONITORS = Number(process.env.BENCH_F_MONITORS ?? 2_400);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 40);
const WARM_UP_MS = 15_000;
const EXPECTED_PER_SECOND = 2_200;
const EXPECTED_CPU_MS = 0.75;

export const run: Bench['run'] = async (say) => {
  const target = await startTarget();
  const stack = await startStack({ syncInterval: 'default' });
  await stack.startAll();
  const api = apiClient(stack);
  say(`creating ${MONITORS} one-second monitors`);
  await api.monitors(MONITORS, (index) => ({
    name: `monitor ${index}`,
    type: 'http_request',
    // Each loopback address has its own ports to spend on new connections.
    target: `http://127.0.0.${1 + (index % 40)}:${target.port}/`,
    intervalSeconds: 1,
    config: { timeoutSeconds: 5 },
  }));
  await delay(WARM_UP_MS);
  const steady = await watch(stack, SECONDS);
  const cpu = perUnit(steady.usage, steady.results);
  const cpuMs = steady.usage.totalCpuMs / steady.results;
  const pids = stack.pids();
  const memory = Object.fromEntries(ALL_SERVICES.map((name) => [name, memoryOf(pids[name] ?? 0)]));
  await stack.stop();
  await target.stop();

  const parts = Object.entries(cpu).map(([name, ms]) => `${name} ${ms.toFixed(3)}`);
  const details = { offeredPerSecond: MONITORS, ...steady, cpuMsPerCheck: cpu, memory };
  return [
    {
      what: 'whole pipeline, new connections',
      measured: steady.perSecond,
      unit: 'checks/s',
      expected: { of: 'measured', atLeast: EXPECTED_PER_SECOND },
      note: `${MONITORS} offered per second for ${SECONDS} s; ${steady.behind} results not folded at the end; the target shares the cores`,
      details,
    },
    {
      what: 'CPU over every process, NATS and Postgres included',
      measured: cpuMs,
      unit: 'ms/check',
      expected: { of: 'measured', atMost: EXPECTED_CPU_MS },
      note: `${parts.join(', ')}; the target's own process is not counted`,
    },
  ];
};
