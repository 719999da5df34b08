import type { NewEvent } from '@tocsin/contracts';
import { derivedId } from '@tocsin/kernel';
import type { Outcome } from '@tocsin/monitoring';
import { checkCompleted, monitorConfigured } from './events.js';
import { publishAll } from './publish.nats.js';
import type { Stack } from './stack.process.js';

/** A past of so many results of so many one-minute monitors, oldest first, that ends now. */
export interface History {
  readonly monitors: number;
  readonly results: number;
  readonly endMs: number;
}

const MINUTE_MS = 60_000;
/** One monitor in fifty is down for five slots on end: that raises an alert and resolves it. */
const FAILING_ONE_IN = 50;
const FAILS_FROM_SLOT = 10;
const FAILS_FOR_SLOTS = 5;

export const slotsOf = ({ monitors, results }: History): number => Math.ceil(results / monitors);

function outcomeAt(index: number, slot: number): Outcome {
  if (index % FAILING_ONE_IN !== 0) return 'up';
  const first = FAILS_FROM_SLOT + (index % 7);
  return slot >= first && slot < first + FAILS_FOR_SLOTS ? 'down' : 'up';
}

const startMs = (history: History) => history.endMs - slotsOf(history) * MINUTE_MS;

export function resultAt(history: History, n: number): NewEvent<'CheckCompleted'> {
  const index = n % history.monitors;
  const slot = Math.floor(n / history.monitors);
  return checkCompleted({
    index,
    slotMs: startMs(history) + slot * MINUTE_MS,
    outcome: outcomeAt(index, slot),
  });
}

/** Every monitor with alerting on, threshold 3. */
export function configAt(history: History, index: number): NewEvent<'MonitorConfigured'> {
  return monitorConfigured({
    index,
    intervalSeconds: 60,
    target: `http://127.0.0.1:8081/${index}`,
    enabledAtMs: startMs(history) - MINUTE_MS,
    alertConfig: {
      enabled: true,
      notificationProviders: [derivedId('bench-provider', '0')],
      failureThreshold: 3,
    },
  });
}

/** @returns the last sequence of RESULTS */
export async function fillStreams(
  { connection }: Stack,
  history: History,
  say: (line: string) => void,
): Promise<number> {
  say(`publishing ${history.monitors} monitors and ${history.results} results`);
  await publishAll(connection, history.monitors, (index) => configAt(history, index));
  return publishAll(connection, history.results, (n) => resultAt(history, n));
}

export const historyFromEnv = (): History => ({
  monitors: Number(process.env.BENCH_MONITORS ?? 5_000),
  results: Number(process.env.BENCH_RESULTS ?? 200_000),
  endMs: Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS,
});
