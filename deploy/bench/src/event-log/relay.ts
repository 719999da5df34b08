import { type NewEvent, subjects } from '@tocsin/contracts';
import { connectDatabase, migrate, unnest } from '@tocsin/database';
import { appendEvents, createEventTable, type EventTable, runRelay } from '@tocsin/event-log';
import { derivedId, toInstant } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Measurement } from '../bench.js';
import { monitorId } from '../world/events.js';
import type { Stack } from '../world/stack.process.js';
import { until } from '../world/wait.js';
import { logOf } from './publish.js';

const CHAINED: EventTable = { schema: 'bench_chained', name: 'event', stream: 'STATUS', chained: true };
const PLAIN: EventTable = {
  schema: 'bench_plain',
  name: 'outbox',
  stream: 'STATUS',
  chained: false,
  keepMs: 86_400_000,
};
const PER_TRANSACTION = 1_000;

/** Appending to an event table and relaying it, next to a bare insert of the same rows. */
export async function relaying(stack: Stack, count: number, barePublish: number): Promise<Measurement[]> {
  const db = connectDatabase<unknown>({ databaseUrl: stack.databaseUrl, name: 'bench-relay' });
  try {
    const bare = await bareInsert(db, count);
    const rows: Measurement[] = [];
    for (const table of [PLAIN, CHAINED])
      rows.push(...(await one(stack, db, table, count, bare, barePublish)));
    return rows;
  } finally {
    await db.destroy();
  }
}

function statusAt(prefix: string, n: number): NewEvent<'StatusChanged'> {
  const id = monitorId(n % 5_000);
  const at = toInstant(Date.now());
  return {
    type: 'StatusChanged',
    id: derivedId(prefix, String(n)),
    source: 'tocsin/bench',
    time: at,
    natsSubject: subjects.status('default', 'monitor', id),
    entityId: id,
    data: {
      targetId: id,
      targetKind: 'monitor',
      project: 'default',
      from: 'up',
      to: 'down',
      reason: 'check_failed',
      changedAt: at,
      slot: at,
    },
  };
}

async function one(
  stack: Stack,
  db: Kysely<unknown>,
  table: EventTable,
  count: number,
  bareRows: number,
  barePublish: number,
): Promise<Measurement[]> {
  const kind = table.chained ? 'chained event table' : 'plain outbox';
  await migrate(db, table.schema, [{ name: '0001_events', up: (tx) => createEventTable(tx, table) }]);
  const events = Array.from({ length: count }, (_, n) => ({
    event: statusAt(kind, n),
    chain: String(n % 16),
  }));
  const appendedAt = performance.now();
  for (let at = 0; at < count; at += PER_TRANSACTION)
    await db
      .transaction()
      .execute((tx) => appendEvents(tx, table, events.slice(at, at + PER_TRANSACTION)).then(() => undefined));
  const append = count / ((performance.now() - appendedAt) / 1_000);

  const enough = new AbortController();
  const startedAt = performance.now();
  const relay = runRelay(
    {
      db,
      databaseUrl: stack.databaseUrl,
      log: logOf(stack),
      tables: [table],
      logger: createLogger({ name: 'bench', level: 'warn' }),
      metrics: createMetrics('bench'),
    },
    enough.signal,
  );
  const left = async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int4 as count
      from ${sql.table(`${table.schema}.${table.name}`)} where stream_seq is null`.execute(db);
    return rows[0]?.count === 0 ? true : undefined;
  };
  await until('everything relayed', left, { everyMs: 50, withinMs: 120_000 });
  const relayed = count / ((performance.now() - startedAt) / 1_000);
  enough.abort();
  await relay;
  return [
    {
      what: `append to a ${kind}`,
      measured: append,
      unit: 'events/s',
      peer: { what: 'rows/s inserted bare', measured: bareRows },
      note: `${PER_TRANSACTION} per durable transaction`,
    },
    {
      what: `relay from a ${kind}`,
      measured: relayed,
      unit: 'events/s',
      peer: { what: 'published bare', measured: barePublish },
      note: 'read, published and marked, from the start of the relay',
    },
  ];
}

/** The same columns in a table with its key and nothing else. */
async function bareInsert(db: Kysely<unknown>, count: number): Promise<number> {
  await sql`create schema if not exists bench_bare`.execute(db);
  await sql`create table bench_bare.event (id uuid primary key, type text, source text, subject text, entity_id uuid,
    time timestamptz, data text)`.execute(db);
  const types = {
    id: 'uuid',
    type: 'text',
    source: 'text',
    subject: 'text',
    entity_id: 'uuid',
    time: 'timestamptz',
    data: 'text',
  } as const;
  const rows = Array.from({ length: count }, (_, n) => statusAt('bare', n)).map((event) => ({
    id: event.id,
    type: event.type,
    source: event.source,
    subject: event.natsSubject,
    entity_id: event.entityId,
    time: event.time,
    data: JSON.stringify(event.data),
  }));
  const startedAt = performance.now();
  for (let at = 0; at < count; at += PER_TRANSACTION)
    await db
      .transaction()
      .execute((tx) =>
        sql`insert into bench_bare.event select * from ${unnest('e', types, rows.slice(at, at + PER_TRANSACTION))}`.execute(
          tx,
        ),
      );
  return count / ((performance.now() - startedAt) / 1_000);
}
