import { jetstreamManager } from '@nats-io/jetstream';
import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId, toInstant } from '@tocsin/kernel';
import type { Bench } from './bench.js';
import { monitorConfigured, monitorId } from './world/events.js';
import { rawClient, startTarget } from './world/forked.process.js';
import { publishAll } from './world/publish.nats.js';
import { startStack } from './world/stack.process.js';
import { memoryOf, perUnit, startMeter } from './world/usage.process.js';
import { until } from './world/wait.js';

const CHECKS = Number(process.env.BENCH_CHECKS ?? 30_000);
const CONCURRENCY = 500;
/** Loading, connecting and warming up are not what is measured: the clock starts with this result. */
const WARM_UP = 2_000;
const EXPECTED_RATIO = 0.7;

export const run: Bench['run'] = async (say) => {
  const target = await startTarget();
  const stack = await startStack({
    syncInterval: 'default',
    env: { TOCSIN_EXECUTOR_CONCURRENCY: String(CONCURRENCY) },
  });

  // 1. Before and after the executor, the same client alone: the machine's mood is in both
  const rawBefore = await rawClient(target.port, CHECKS, CONCURRENCY);
  say(`raw client: ${Math.round(rawBefore.perSecond)}/s`);

  // 2. The queue is filled first, so that the executor is all that decides
  const now = Date.now();
  await publishAll(stack.connection, WARM_UP + CHECKS, (index) => checkDue(index, target.port, now));
  const jsm = await jetstreamManager(stack.connection);
  const results = async () => (await jsm.streams.info('RESULTS')).state.messages;
  const service = await stack.start('executor');
  const reached = (count: number) =>
    until(
      `${count} results`,
      async () => {
        const made = await results();
        return made >= count ? made : undefined;
      },
      { everyMs: 20, withinMs: 120_000 },
    );
  const begun = await reached(WARM_UP);
  const [read, startedAt] = [startMeter(stack.pids()), performance.now()];
  const ended = await reached(WARM_UP + CHECKS);
  const seconds = (performance.now() - startedAt) / 1_000;
  const usage = read();
  const made = ended - begun;
  const memory = memoryOf(service.pid);
  await stack.stop();

  const rawAfter = await rawClient(target.port, CHECKS, CONCURRENCY);
  await target.stop();
  const raw = (rawBefore.perSecond + rawAfter.perSecond) / 2;
  const cpu = perUnit(usage, made);
  return [
    {
      what: 'one executor',
      measured: made / seconds,
      unit: 'checks/s',
      peer: { what: 'requests/s of the same client', measured: raw },
      expected: { of: 'ratio', atLeast: EXPECTED_RATIO },
      note:
        `${CONCURRENCY} at once, a new connection each; CPU per check: executor ${cpu.executor} ms, nats ${cpu.nats} ms, ` +
        `raw client ${rawBefore.cpuMs.toFixed(3)} ms per request; ${memory.residentMiB} MiB`,
      details: { checks: made, seconds, cpuMsPerCheck: cpu, rawBefore, rawAfter, memory },
    },
  ];
};

/** Each loopback address has its own ports to spend on new connections. */
const targetOf = (index: number, port: number) => `http://127.0.0.${1 + (index % 40)}:${port}/`;

function checkDue(index: number, port: number, nowMs: number): NewEvent<'CheckDue'> {
  const id = monitorId(index);
  const slot = toInstant(nowMs);
  const { config } = monitorConfigured({ index, intervalSeconds: 60, target: '', enabledAtMs: nowMs }).data;
  return {
    type: 'CheckDue',
    id: derivedId('due', id, slot, 'local'),
    source: 'tocsin/scheduler',
    time: slot,
    natsSubject: subjects.checkDue('local', 'http_request', id),
    entityId: id,
    data: {
      monitorId: id,
      project: 'default',
      kind: 'http_request',
      slot,
      location: 'local',
      target: targetOf(index, port),
      config,
      configRevision: 1,
      trigger: 'schedule',
    },
  };
}
