import { jetstream } from '@nats-io/jetstream';
import { createJetStreamLog, type EventLog } from '@tocsin/event-log';
import { createLogger } from '@tocsin/service-kit';
import type { Measurement } from '../bench.js';
import { type History, resultAt } from '../world/history.js';
import { wireOf } from '../world/publish.nats.js';
import type { Stack } from '../world/stack.process.js';
import { inParallel } from '../world/wait.js';

export const AT_ONCE = 500;

export const logOf = ({ nats }: Stack): EventLog =>
  createJetStreamLog({ nats, logger: createLogger({ name: 'bench', level: 'warn' }) });

/** Units per second of work done `count` times. */
export async function rate(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  await inParallel(count, atOnce, work);
  return count / ((performance.now() - startedAt) / 1_000);
}

/** The library and the bare client in turn, on events of the same size; no event is published twice. */
export async function publishing(
  stack: Stack,
  history: History,
  sync: string,
  { alone, together }: { alone: number; together: number },
): Promise<Measurement[]> {
  const log = logOf(stack);
  const js = jetstream(stack.connection);
  let next = 0;
  const byLog = () => log.publish(resultAt(history, next++));
  const bare = () => {
    const { subject, body, hdrs } = wireOf(resultAt(history, next++));
    return js.publish(subject, body, { headers: hdrs });
  };
  await rate(alone / 2, AT_ONCE, byLog);
  await rate(alone / 2, AT_ONCE, bare);

  const row = async (what: string, count: number, atOnce: number): Promise<Measurement> => {
    const raw = await rate(count, atOnce, bare);
    return {
      what: `publish ${what}, sync ${sync}`,
      measured: await rate(count, atOnce, byLog),
      unit: 'events/s',
      peer: { what: 'bare client', measured: raw },
    };
  };
  return [await row('one at a time', alone, 1), await row(`${AT_ONCE} at once`, together, AT_ONCE)];
}
