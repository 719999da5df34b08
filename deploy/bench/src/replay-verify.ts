import { verifyLive } from '@tocsin/audit';
import { connectDatabase } from '@tocsin/database';
import { appendEvents, type EventTable } from '@tocsin/event-log';
import { sql } from 'kysely';
import type { Measurement } from './bench.js';
import { timeFolding } from './world/fold.process.js';
import { configAt, type History, resultAt } from './world/history.js';
import { publishAll } from './world/publish.nats.js';
import type { ServiceName, Stack } from './world/stack.process.js';
import { memoryOf } from './world/usage.process.js';
import { until } from './world/wait.js';

const EXPECTED_PER_SECOND = 100_000;
const CONFIG: EventTable = { schema: 'config', name: 'event', stream: 'CONFIG', chained: true };
const WRITERS: readonly ServiceName[] = ['api', 'notifier'];

/** A history as the services write it, verified whole: chains, both places, and every decision made again. */
export async function verifying(
  stack: Stack,
  history: History,
  say: (line: string) => void,
): Promise<Measurement> {
  const db = connectDatabase<unknown>({ databaseUrl: stack.databaseUrl, name: 'bench-verify' });
  try {
    // 1. What it is decided on: configuration through its table, and results
    for (const name of WRITERS) await (await stack.start(name)).ready();
    const events = Array.from({ length: history.monitors }, (_, index) => configAt(history, index));
    await db.transaction().execute(
      async (tx) =>
        void (await appendEvents(
          tx,
          CONFIG,
          events.map((event) => ({ event, chain: 'config' })),
        )),
    );
    const waiting = async () => {
      const { rows } = await sql<{ count: number }>`select count(*)::int4 as count
        from config.event where stream_seq is null`.execute(db);
      return rows[0]?.count === 0 ? true : undefined;
    };
    await until('the configuration published', waiting, { everyMs: 100, withinMs: 60_000 });
    for (const name of WRITERS) await stack.service(name).stop();
    say(`publishing ${history.results} results`);
    const last = await publishAll(stack.connection, history.results, (n) => resultAt(history, n));
    // 2. What was decided
    await timeFolding(stack, 'alert-evaluator', 'evaluator', last);
    // 3. Whether it is so
    say('verifying');
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const verified = await verifyLive({ nats: stack.connection, db });
    const seconds = (performance.now() - startedAt) / 1_000;
    if (verified.differences.length > 0)
      throw new Error(`an honest log has differences: ${JSON.stringify(verified.differences[0])}`);
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuUs = (user + system) / verified.events;
    const { reDecided } = verified.judgement;
    return {
      what: 'verify',
      measured: verified.events / seconds,
      unit: 'events/s',
      expected: { of: 'measured', atLeast: EXPECTED_PER_SECOND },
      note: `${verified.events} events in ${seconds.toFixed(1)} s, ${reDecided} alert events decided again; ${cpuUs.toFixed(1)} µs of CPU for each; ${memoryOf(process.pid).residentMiB} MiB`,
      details: { ...history, judgement: verified.judgement },
    };
  } finally {
    await db.destroy();
  }
}
