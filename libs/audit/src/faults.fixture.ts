import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { chainHash, type EventRow, GENESIS } from '@tocsin/event-log';
import { derivedId } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { type ChainedStream, tableOf } from './chained-table.js';
import { readStream } from './stream.nats.js';

/** What somebody with all power over the servers might do: services cannot. */

export type Fault = 'altered' | 'deleted' | 'inserted' | 'truncated';
export const FAULTS: readonly Fault[] = ['altered', 'deleted', 'inserted', 'truncated'];

/** A list with one fault in it. */
export function withFault<T>(
  list: readonly T[],
  fault: Fault,
  at: number,
  other: (one: T) => T,
  fresh: (one: T) => T,
): T[] {
  const index = at % list.length;
  const one = list[index];
  if (one === undefined) throw new Error('nothing to spoil');
  if (fault === 'altered') return list.with(index, other(one));
  if (fault === 'deleted') return list.toSpliced(index, 1);
  if (fault === 'inserted') return list.toSpliced(index, 0, fresh(one));
  return list.slice(0, index);
}

/** Another value somewhere in an event's text, of the same length or not. */
export const spoilt = (text: string): string => text.replace(/"(project|name)":"(\w)/, '"$1":"$2x');

interface Kept {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

/** What the server adds to say where a message is. */
const PLACE_HEADERS = [
  'Nats-Stream',
  'Nats-Subject',
  'Nats-Sequence',
  'Nats-Time-Stamp',
  'Nats-Num-Pending',
  'Nats-Last-Sequence',
];

export async function contentOf(nats: NatsConnection, stream: ChainedStream): Promise<Kept[]> {
  const { state } = await (await jetstreamManager(nats)).streams.info(stream);
  const kept: Kept[] = [];
  for await (const batch of readStream(nats, stream, state.last_seq))
    for (const { subject, message } of batch) {
      for (const place of PLACE_HEADERS) message.headers?.delete(place);
      kept.push({ subject, data: message.data.slice(), headers: message.headers });
    }
  return kept;
}

/** The stream made anew with other content, as it was otherwise. */
export async function refill(
  nats: NatsConnection,
  stream: ChainedStream,
  content: readonly Kept[],
): Promise<void> {
  const jsm = await jetstreamManager(nats);
  const { config } = await jsm.streams.info(stream);
  // Rarely, a stream (2.14) that is made the moment it was deleted still has what it had: emptied before, it shows
  for (let last = -1; last !== content.length; ) {
    await jsm.streams.purge(stream);
    await jsm.streams.delete(stream);
    await jsm.streams.add(config);
    for (const { subject, data, headers } of content)
      await jetstream(nats).publish(subject, data, headers === undefined ? {} : { headers });
    last = (await jsm.streams.info(stream)).state.last_seq;
  }
}

export const spoiltMessage = (kept: Kept): Kept => ({
  ...kept,
  data: new TextEncoder().encode(spoilt(new TextDecoder().decode(kept.data))),
});

export function strangeMessage({ headers, ...kept }: Kept): Kept {
  if (headers === undefined) throw new Error('an event without headers');
  const copy = structuredHeaders(headers);
  const id = derivedId('strange', headers.get('ce-id'));
  copy.set('ce-id', id);
  copy.set('Nats-Msg-Id', id);
  return { ...kept, headers: copy };
}

function structuredHeaders(given: MsgHdrs): MsgHdrs {
  const copy = Object.create(Object.getPrototypeOf(given) as object) as MsgHdrs;
  const inner = given as unknown as { headers: Map<string, string[]> };
  return Object.assign(copy, given, { headers: new Map(inner.headers) });
}

export async function rowsOf(db: Kysely<unknown>, stream: ChainedStream): Promise<EventRow[]> {
  const { schema, name } = tableOf(stream);
  const { rows } =
    await sql<EventRow>`select * from ${sql.table(`${schema}.${name}`)} order by chain, position`.execute(db);
  return rows;
}

/** The table and the ends of its chains with other rows in them, as they are given. */
export async function rewrite(
  db: Kysely<unknown>,
  stream: ChainedStream,
  rows: readonly EventRow[],
  heads: boolean,
): Promise<void> {
  const { schema, name } = tableOf(stream);
  const table = sql.table(`${schema}.${name}`);
  await db.transaction().execute(async (tx) => {
    await sql`truncate ${table}`.execute(tx);
    for (const row of rows)
      await sql`insert into ${table} (${sql.join(Object.keys(row).map((key) => sql.id(key)))})
        values (${sql.join(Object.values(row))})`.execute(tx);
    if (!heads) return;
    const headTable = sql.table(`${schema}.${name}_chain`);
    await sql`truncate ${headTable}`.execute(tx);
    await sql`insert into ${headTable} select distinct on (chain) chain, position, hash from ${table}
      order by chain, position desc`.execute(tx);
  });
}

export const strangeRow = (row: EventRow): EventRow => ({
  ...row,
  id: derivedId('strange', row.id),
  stream_seq: null,
});
export const spoiltRow = (row: EventRow): EventRow => ({ ...row, data: spoilt(row.data) });

/** By somebody who knows how a chain is made. */
export function chainedAnew(rows: readonly EventRow[]): EventRow[] {
  const ends = new Map<string, { position: number; hash: string }>();
  return rows.map((row) => {
    const { position, hash } = ends.get(row.chain) ?? { position: 0, hash: GENESIS };
    const made = { ...row, position: position + 1, prev_hash: hash, hash: chainHash(hash, row) };
    ends.set(row.chain, made);
    return made;
  });
}

/** By somebody who does not: positions that do not repeat is all the table asks for. */
export function renumbered(rows: readonly EventRow[]): EventRow[] {
  const ends = new Map<string, number>();
  return rows.map((row) => {
    const position = Math.max(row.position, (ends.get(row.chain) ?? 0) + 1);
    ends.set(row.chain, position);
    return { ...row, position };
  });
}
