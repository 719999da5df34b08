import type { StreamName } from '@tocsin/contracts';
import { AUDITOR_ROLE, grantSelect, unnest } from '@tocsin/database';
import { ALL_SHARDS, type Shard } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { StoredMessage } from './event-log.js';

/** For migrations: what every schema with a projection has. */
export async function createProjectionTables(tx: Transaction<unknown>, schema: string): Promise<void> {
  await sql`create table ${sql.table(`${schema}.checkpoint`)} (
    projection text not null,
    stream text not null,
    shard text not null,
    seq bigint not null default 0,
    event_id text not null default '',
    event_time timestamptz,
    stream_created_at timestamptz,
    rebuild_until bigint not null default 0,
    updated_at timestamptz not null default now(),
    primary key (projection, stream, shard)
  )`.execute(tx);
  await sql`create table ${sql.table(`${schema}.dead_letter`)} (
    id bigint generated always as identity primary key,
    projection text not null,
    stream text not null,
    shard text not null,
    seq bigint not null,
    subject text not null,
    headers jsonb not null,
    body text not null,
    reason text not null,
    message text not null,
    failed_at timestamptz not null default now(),
    replay_requested_at timestamptz,
    replayed_at timestamptz
  )`.execute(tx);
  await grantSelect(tx, AUDITOR_ROLE, schema, ['checkpoint', 'dead_letter']);
}

export interface Checkpoint {
  readonly stream: StreamName;
  readonly shard: Shard;
  readonly seq: number;
  /** id of the event at `seq`; empty when that was none */
  readonly event_id: string;
  /** when the stream took it */
  readonly event_time: string | null;
  readonly stream_created_at: string | null;
  readonly rebuild_until: number;
}

export interface DeadLetter {
  readonly id: number;
  readonly stream: StreamName;
  readonly shard: Shard;
  readonly seq: number;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Up to where a batch went in one stream. */
export interface Position {
  readonly stream: StreamName;
  readonly seq: number;
  readonly eventId: string;
  readonly storedAt: string;
  readonly streamCreatedAt: string;
}

export interface Failure {
  readonly message: StoredMessage;
  readonly shard: Shard;
  readonly reason: string;
  readonly explanation: string;
}

/** Where the projection of one schema keeps how far it is and what it put aside. */
export function projectionStore(schema: string, projection: string) {
  const checkpoint = sql.table(`${schema}.checkpoint`);
  const deadLetter = sql.table(`${schema}.dead_letter`);
  return {
    async load(
      db: Kysely<unknown>,
      streams: readonly StreamName[],
      shards: readonly Shard[],
    ): Promise<Checkpoint[]> {
      await sql`insert into ${checkpoint} (projection, stream, shard)
        select ${projection}, stream, shard from unnest(${streams}::text[]) as s(stream), unnest(${shards}::text[]) as h(shard)
        on conflict do nothing`.execute(db);
      const { rows } = await sql<Checkpoint>`
        select stream, shard, seq, event_id, event_time, stream_created_at, rebuild_until from ${checkpoint}
        where projection = ${projection} and stream = any(${streams}::text[]) and shard = any(${shards}::text[])`.execute(
        db,
      );
      return rows;
    },

    async move(db: Kysely<unknown>, position: Position, shards: readonly Shard[]): Promise<void> {
      await sql`update ${checkpoint} set seq = ${position.seq}, event_id = ${position.eventId},
          event_time = ${position.storedAt}, stream_created_at = ${position.streamCreatedAt}, updated_at = now()
        where projection = ${projection} and stream = ${position.stream} and shard = any(${shards}::text[])
          and seq < ${position.seq}`.execute(db);
    },

    /** After the log lost something: what follows `seq` is folded again. */
    async putBack(
      db: Kysely<unknown>,
      stream: StreamName,
      shards: readonly Shard[],
      seq: number,
    ): Promise<void> {
      await sql`update ${checkpoint} set seq = ${seq}, event_id = '', event_time = null, stream_created_at = null,
          rebuild_until = 0, updated_at = now()
        where projection = ${projection} and stream = ${stream} and shard = any(${shards}::text[])`.execute(
        db,
      );
    },

    async bury(db: Kysely<unknown>, failures: readonly Failure[]): Promise<void> {
      if (failures.length === 0) return;
      const rows = failures.map(({ message, shard, reason, explanation }) => ({
        stream: message.stream,
        shard,
        seq: message.sequence,
        subject: message.subject,
        headers: message.headers(),
        // Postgres text takes every character but this one.
        body: message.body().replaceAll('\u0000', '\ufffd'),
        reason,
        message: explanation,
      }));
      await sql`insert into ${deadLetter} (projection, stream, shard, seq, subject, headers, body, reason, message)
        select ${projection}, d.* from ${unnest(
          'd',
          {
            stream: 'text',
            shard: 'text',
            seq: 'int8',
            subject: 'text',
            headers: 'jsonb',
            body: 'text',
            reason: 'text',
            message: 'text',
          },
          rows,
        )}`.execute(db);
    },

    async toReplay(db: Kysely<unknown>, shards: readonly Shard[]): Promise<DeadLetter[]> {
      const { rows } = await sql<DeadLetter>`
        select id, stream, shard, seq, subject, headers, body from ${deadLetter}
        where projection = ${projection} and shard = any(${shards}::text[])
          and replay_requested_at is not null and replayed_at is null order by id limit 100`.execute(db);
      return rows;
    },

    async replayed(db: Kysely<unknown>, id: number): Promise<void> {
      await sql`update ${deadLetter} set replayed_at = now() where id = ${id}`.execute(db);
    },

    async replayFailed(db: Kysely<unknown>, id: number, reason: string, explanation: string): Promise<void> {
      await sql`update ${deadLetter} set replay_requested_at = null, reason = ${reason}, message = ${explanation}
        where id = ${id}`.execute(db);
    },

    /** Checkpoints to 0; up to `last` is a rebuild. */
    async startOver(
      tx: Transaction<unknown>,
      streams: readonly { stream: StreamName; last: number }[],
    ): Promise<void> {
      await sql`insert into ${checkpoint} (projection, stream, shard, rebuild_until)
        select ${projection}, s.stream, h.shard, s.last
        from ${unnest('s', { stream: 'text', last: 'int8' }, streams)},
          unnest(${ALL_SHARDS}::text[]) as h(shard)
        on conflict (projection, stream, shard) do update
          set seq = 0, event_id = '', event_time = null, stream_created_at = null,
            rebuild_until = excluded.rebuild_until, updated_at = now()`.execute(tx);
    },
  };
}

export type ProjectionStore = ReturnType<typeof projectionStore>;
