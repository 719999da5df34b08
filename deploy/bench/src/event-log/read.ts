import { jetstream } from '@nats-io/jetstream';
import { filters } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { createProjectionTables, type Projection, runProjection } from '@tocsin/event-log';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import type { Measurement } from '../bench.js';
import type { Stack } from '../world/stack.process.js';
import { logOf } from './publish.js';

const SCHEMA = 'bench';
const PROJECTION: Projection = {
  name: 'bench',
  schema: SCHEMA,
  inputs: [{ stream: 'RESULTS', subjects: () => [filters.allResults] }],
};

/** Everything that RESULTS holds, by the bare client, by the log, and by a projection whose fold does nothing. */
export async function reading(stack: Stack, count: number): Promise<Measurement[]> {
  const bare = await bareRead(stack, count);
  const peer = { what: 'bare ordered consumer', measured: bare };
  return [
    { what: 'read, undecoded', measured: await logRead(stack, count), unit: 'events/s', peer },
    {
      what: 'projection with an empty fold',
      measured: await emptyFold(stack, count),
      unit: 'events/s',
      peer,
      note: 'decoded, checked against the schema, checkpointed every 1,000 in a durable transaction',
    },
  ];
}

const perSecond = (count: number, startedAt: number) => count / ((performance.now() - startedAt) / 1_000);

async function bareRead({ connection }: Stack, count: number): Promise<number> {
  const startedAt = performance.now();
  const consumer = await jetstream(connection).consumers.get('RESULTS', {
    filter_subjects: [filters.allResults],
  });
  const messages = await consumer.consume({ max_messages: 2_000 });
  let seen = 0;
  for await (const _ of messages) if (++seen === count) break;
  await messages.close();
  return perSecond(count, startedAt);
}

async function logRead(stack: Stack, count: number): Promise<number> {
  const startedAt = performance.now();
  const enough = new AbortController();
  const reader = logOf(stack).read({
    stream: 'RESULTS',
    subjects: [filters.allResults],
    from: { sequence: 1 },
    signal: enough.signal,
  });
  let seen = 0;
  for await (const _ of reader) if (++seen === count) break;
  enough.abort();
  return perSecond(count, startedAt);
}

async function emptyFold(stack: Stack, count: number): Promise<number> {
  const db = connectDatabase<unknown>({ databaseUrl: stack.databaseUrl, name: 'bench-fold' });
  const enough = new AbortController();
  let [folded, begunAt, endedAt, first] = [0, 0, 0, 0];
  try {
    await migrate(db, SCHEMA, [{ name: '0001_projection', up: (tx) => createProjectionTables(tx, SCHEMA) }]);
    await runProjection(
      {
        projection: PROJECTION,
        db,
        log: logOf(stack),
        logger: createLogger({ name: 'bench', level: 'warn' }),
        metrics: createMetrics('bench'),
      },
      async (events, { afterCommit }) => {
        afterCommit(() => {
          folded += events.length;
          // Taking the shards and opening the reader are not what is measured.
          if (begunAt === 0) [begunAt, first] = [performance.now(), folded];
          endedAt = performance.now();
          if (folded >= count) enough.abort();
        });
      },
      enough.signal,
    );
    return (folded - first) / ((endedAt - begunAt) / 1_000);
  } finally {
    await db.destroy();
  }
}
