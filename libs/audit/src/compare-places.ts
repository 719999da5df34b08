import type { NatsConnection } from '@nats-io/transport-node';
import { type FieldDifference, firstDifference } from '@tocsin/alerting';
import type { EventRow } from '@tocsin/event-log';
import type { Kysely } from 'kysely';
import type { ChainedTable } from './chained-table.js';
import type { Difference } from './difference.js';
import { readStream, type StoredMessage, type StreamEnds } from './stream.nats.js';
import { rowsById, rowsOfStream } from './table.store.js';

/** Unmatched messages are looked up by their ids, so many at a time. */
const LOOK_UP = 500;
const MOST_DIFFERENCES = 50;

export interface PlacesCompared {
  /** messages that were read */
  readonly messages: number;
  /** the same event again: a relay that was not answered in time repeats */
  readonly repeated: number;
  /** came after the tables were looked at */
  readonly newer: number;
}

/**
 * Whether a stream and its table hold the same events, in the same order.
 * @param before the stream as it was before the table was looked at: a row is written before it is published
 * @param after the stream as it was afterwards
 */
export async function comparePlaces(
  { nats, db }: { nats: NatsConnection; db: Kysely<unknown> },
  table: ChainedTable,
  { before, after }: { before: StreamEnds; after: StreamEnds },
  onDifference: (difference: Difference) => void,
  onRead: (messages: number) => void,
): Promise<PlacesCompared> {
  const { stream } = table;
  const unmatched: StoredMessage[] = [];
  const lost = new Map<string, EventRow>();
  let moved: Moved | undefined;
  let [messages, repeated, newer, told] = [0, 0, 0, 0];
  const differ = (difference: Omit<Difference, 'place' | 'stream'>) => {
    told += 1;
    if (told <= MOST_DIFFERENCES) onDifference({ place: 'stream', stream, ...difference });
  };

  async function lookUp(): Promise<void> {
    const found = await rowsById(
      db,
      table,
      unmatched.map((stored) => header(stored, 'ce-id')),
    );
    for (const stored of unmatched.splice(0)) {
      const eventId = header(stored, 'ce-id');
      const row = found.get(eventId);
      const different = row === undefined ? undefined : differenceOf(row, stored);
      if (row !== undefined && different === undefined) {
        if (lost.delete(row.id)) moved ??= { row, sequence: stored.sequence };
        else if (row.stream_seq !== null) repeated += 1;
      } else if (row === undefined && stored.sequence > before.lastSequence) newer += 1;
      else if (row === undefined)
        differ({
          kind: 'inserted',
          sequence: stored.sequence,
          eventId,
          sentence: `it is in the stream and not in ${table.schema}.${table.name}: an event was put into the stream, or taken out of the table`,
        });
      else if (different !== undefined) differ(altered(row, stored, different));
    }
  }

  const tellLost = (row: EventRow) => {
    const sequence = row.stream_seq ?? 0;
    const isEnd = sequence > after.lastSequence;
    differ({
      ...about(row),
      kind: isEnd ? 'truncated' : 'deleted',
      sequence,
      sentence: isEnd
        ? `the stream ends at ${after.lastSequence}, and ${table.schema}.${table.name} has what was published at ${sequence}: the end was cut off`
        : `it was published at ${sequence} and is not in the stream any more: it was deleted`,
    });
  };

  const rows = rowsOfStream(db, table);
  let next = await rows.next();
  const lose = async (row: EventRow) => {
    lost.set(row.id, row);
    next = await rows.next();
  };
  for await (const batch of readStream(nats, stream, after.lastSequence)) {
    for (const stored of batch) {
      while (next.done !== true && (next.value.stream_seq ?? 0) < stored.sequence) await lose(next.value);
      const row = next.done === true ? undefined : next.value;
      if (row?.stream_seq === stored.sequence && row.id === header(stored, 'ce-id')) {
        next = await rows.next();
        const different = differenceOf(row, stored);
        if (different !== undefined) differ(altered(row, stored, different));
        continue;
      }
      if (row?.stream_seq === stored.sequence) await lose(row);
      unmatched.push(stored);
      if (unmatched.length >= LOOK_UP) await lookUp();
    }
    messages += batch.length;
    onRead(batch.length);
  }
  await lookUp();
  for (; next.done !== true; next = await rows.next()) lost.set(next.value.id, next.value);
  for (const row of lost.values()) tellLost(row);
  // Others before it explain it: what stands after one that was taken out has moved
  if (moved !== undefined && told === 0)
    differ({
      ...about(moved.row),
      kind: 'altered',
      field: 'sequence',
      expected: moved.row.stream_seq,
      found: moved.sequence,
      sequence: moved.sequence,
      sentence: 'it stands elsewhere in the stream than where it was published: the order was changed',
    });
  return { messages, repeated, newer };
}

interface Moved {
  readonly row: EventRow;
  readonly sequence: number;
}

const ALTERED = 'stream and table do not say the same: one of them was altered';

const altered = (row: EventRow, { sequence }: StoredMessage, different: FieldDifference) => ({
  ...about(row),
  kind: 'altered' as const,
  sequence,
  ...different,
  sentence: ALTERED,
});

const about = ({ chain, position, id }: EventRow) => ({ chain, position, eventId: id });

const header = ({ message }: StoredMessage, name: string): string => message.headers?.get(name) ?? '';

function differenceOf(row: EventRow, stored: StoredMessage): FieldDifference | undefined {
  const { message } = stored;
  const found = {
    subject: stored.subject,
    id: header(stored, 'ce-id'),
    messageId: header(stored, 'Nats-Msg-Id'),
    type: header(stored, 'ce-type'),
    source: header(stored, 'ce-source'),
    time: header(stored, 'ce-time'),
    entity: header(stored, 'ce-subject'),
    traceparent: header(stored, 'traceparent'),
  };
  const expected = {
    subject: row.subject,
    id: row.id,
    messageId: row.id,
    type: `tocsin.v1.${row.type}`,
    source: row.source,
    time: row.time,
    entity: row.entity_id,
    traceparent: row.traceparent ?? '',
  };
  const different = firstDifference(expected, found);
  if (different !== undefined) return different;
  const body = message.string();
  return body === row.data ? undefined : inData(row.data, body);
}

/** The field of the data, where both are JSON. */
function inData(expected: string, found: string) {
  try {
    const different = firstDifference(JSON.parse(expected), JSON.parse(found), 'data');
    if (different !== undefined) return different;
  } catch {
    // Told as text
  }
  return { field: 'data', expected, found };
}
