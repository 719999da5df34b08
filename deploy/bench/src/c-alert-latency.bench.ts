import type { Bench, Measurement } from './bench.js';
import { percentile } from './statistics.js';
import { apiClient } from './world/api.client.js';
import { checkCompleted, monitorConfigured } from './world/events.js';
import { startSink, startTarget } from './world/forked.process.js';
import { publishAll, steadily } from './world/publish.nats.js';
import { type Stack, type StackOptions, startStack } from './world/stack.process.js';
import { stagesOf } from './world/stages.js';
import { watch } from './world/steady.process.js';
import { perUnit } from './world/usage.process.js';
import { delay } from './world/wait.js';

/** `checks`: the scheduler and the executor make real HTTP checks. `results`: their results are published for them. */
type Feed = 'checks' | 'results';

interface Scenario {
  readonly syncInterval: StackOptions['syncInterval'];
  readonly checksPerSecond: number;
  readonly feed: Feed;
}

const SECONDS = Number(process.env.BENCH_SECONDS ?? 40);
const WARM_UP_MS = 15_000;
/** Alerts per second, whatever the load: as many raises and as many resolves. */
const RAISES_PER_SECOND = 15;
/** A webhook is sent at most ten messages a second: enough of them that their rate decides nothing. */
const WEBHOOKS = 20;
const feedOf = (variable: string, otherwise: Feed): Feed =>
  (process.env[variable] as Feed | undefined) ?? otherwise;

const SCENARIOS: readonly Scenario[] = [
  { syncInterval: 'always', checksPerSecond: 300, feed: feedOf('BENCH_C_FEED_300', 'checks') },
  { syncInterval: 'default', checksPerSecond: 2_000, feed: feedOf('BENCH_C_FEED_2000', 'checks') },
];

export const run: Bench['run'] = async (say) => {
  const rows: Measurement[] = [];
  for (const scenario of SCENARIOS) rows.push(...(await measure(scenario, say)));
  return rows;
};

async function measure(scenario: Scenario, say: (line: string) => void): Promise<Measurement[]> {
  const { syncInterval, checksPerSecond, feed } = scenario;
  const sink = await startSink();
  const stack = await startStack({ syncInterval });
  const stopFeed = await startFeed(stack, scenario, sink.url, say);
  await delay(WARM_UP_MS);
  await sink.take();
  const steady = await watch(stack, SECONDS);
  // What was under way when the watch ended has had its time.
  const received = await sink.take();
  await stopFeed();
  const raised = received.filter(({ event, finishedAt }) => event === 'alert.raised' && finishedAt > 0);
  const stages = await stagesOf(stack, raised);
  await stack.stop();
  await sink.stop();

  const late = raised.map(({ receivedAt, finishedAt }) => receivedAt - finishedAt);
  const parts = Object.entries(stages).map(([part, { p50, p99 }]) => `${part} ${p50}/${p99}`);
  const name = `${checksPerSecond} checks/s, sync ${syncInterval}`;
  const cpu = perUnit(steady.usage, steady.results);
  const note =
    `${late.length} alerts, fed by ${feed === 'checks' ? 'real HTTP checks' : 'published results'} at ` +
    `${Math.round(steady.perSecond)}/s; max ${Math.max(...late).toFixed(0)} ms; ` +
    `${(steady.usage.totalCpuMs / steady.usage.seconds / 1_000).toFixed(2)} cores; ` +
    `p50/p99 ms: ${parts.join(', ')}`;
  say(`${name}: ${note}`);
  const row = (share: number, atMost: number): Measurement => ({
    what: `p${share * 100}, ${name}`,
    measured: percentile(late, share),
    unit: 'ms',
    expected: { of: 'measured', atMost },
    note,
    details: { ...scenario, alerts: late.length, stages, ...steady, cpuMsPerCheck: cpu },
  });
  return [row(0.5, 10), row(0.99, 100)];
}

/** Every monitor fails in one second out of so many. */
const periodOf = ({ checksPerSecond }: Scenario) => Math.round(checksPerSecond / RAISES_PER_SECOND);

async function startFeed(
  stack: Stack,
  scenario: Scenario,
  webhookUrl: string,
  say: (line: string) => void,
): Promise<() => Promise<void>> {
  const { checksPerSecond: monitors, feed } = scenario;
  const n = periodOf(scenario);
  const alertConfig = (webhooks: readonly string[], index: number) => ({
    enabled: true,
    notificationProviders: [webhooks[index % webhooks.length] ?? ''],
    failureThreshold: 1,
    recoveryThreshold: 1,
  });
  if (feed === 'checks') {
    const target = await startTarget();
    await stack.startAll();
    const api = apiClient(stack);
    const webhooks = await api.webhooks(WEBHOOKS, webhookUrl);
    say(`creating ${monitors} one-second monitors`);
    await api.monitors(monitors, (index) => ({
      name: `monitor ${index}`,
      type: 'http_request',
      target: `http://127.0.0.${1 + (index % 40)}:${target.port}/flip/${index % n}/${n}`,
      intervalSeconds: 1,
      config: { timeoutSeconds: 5 },
      alertConfig: alertConfig(webhooks, index),
    }));
    return target.stop;
  }
  const services = ['api', 'result-projector', 'alert-evaluator', 'notifier'] as const;
  for (const name of services) await stack.start(name);
  for (const name of services) await stack.service(name).ready();
  const webhooks = await apiClient(stack).webhooks(WEBHOOKS, webhookUrl);
  const enabledAtMs = Date.now();
  await publishAll(stack.connection, monitors, (index) =>
    monitorConfigured({
      index,
      intervalSeconds: 1,
      target: webhookUrl,
      enabledAtMs,
      alertConfig: alertConfig(webhooks, index),
    }),
  );
  return steadily(stack.connection, monitors, (count) => {
    const [index, nowMs] = [count % monitors, Date.now()];
    const isDown = (Math.floor(nowMs / 1_000) + index) % n === 0;
    return checkCompleted({
      index,
      slotMs: nowMs - 3,
      finishedMs: nowMs,
      outcome: isDown ? 'down' : 'up',
    });
  });
}
