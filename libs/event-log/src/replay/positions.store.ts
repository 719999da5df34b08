import { setTimeout as delay } from 'node:timers/promises';
import type { StreamName } from '@tocsin/contracts';
import { unnest } from '@tocsin/database';
import { ALL_SHARDS, type Instant } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { EventLog } from '../event-log.js';
import { findRegression } from '../regression.js';
import { type Bound, couldNot, type Replayable } from './replayable.js';

const ASK_MS = 10;

type CheckpointRow = Bound & {
  readonly event_id: string;
  readonly stream_created_at: string | null;
};

const inputsOf = ({ projections }: Replayable) =>
  projections.flatMap(({ projection }) =>
    projection.inputs.map(({ stream }) => ({ projection: projection.name, stream })),
  );

/** How far the live projections are, by shard. */
export async function livePositions(db: Kysely<unknown>, replayable: Replayable): Promise<CheckpointRow[]> {
  const { rows } = await sql<CheckpointRow & { rebuild_until: number }>`
    select projection, stream, shard, seq, event_id, stream_created_at, rebuild_until
    from ${sql.id(replayable.schema, 'checkpoint')}`.execute(db);
  if (rows.some(({ seq, rebuild_until }) => seq < rebuild_until))
    throw couldNot(
      `${replayable.service} is being rebuilt: its live tables say nothing yet. Wait until it is through`,
    );
  return inputsOf(replayable).flatMap(({ projection, stream }) =>
    ALL_SHARDS.map(
      (shard) =>
        rows.find((row) => row.projection === projection && row.stream === stream && row.shard === shard) ?? {
          projection,
          stream,
          shard,
          seq: 0,
          event_id: '',
          stream_created_at: null,
        },
    ),
  );
}

/** @throws when the live tables were made of a log that is no longer there */
export async function checkLog(log: EventLog, positions: readonly CheckpointRow[]): Promise<void> {
  for (const stream of new Set(positions.map((row) => row.stream))) {
    const state = await log.describe(stream);
    const rows = positions.filter((row) => row.stream === stream);
    const furthest = rows.reduce((a, b) => (b.seq > a.seq ? b : a));
    const reason = await findRegression(log, state, furthest);
    if (reason !== undefined)
      throw couldNot(
        `the live tables are at ${stream} ${furthest.seq}, and the stream is not the one they were made of (${reason}): ` +
          'let the service mend that first',
      );
  }
}

/** Of a state of the past: no further than the streams were by then. */
export async function boundsAt(
  positions: readonly Bound[],
  endOf: (stream: StreamName) => Promise<number>,
): Promise<Bound[]> {
  const bounds: Bound[] = [];
  for (const { projection, stream, shard, seq } of positions)
    bounds.push({ projection, stream, shard, seq: Math.min(seq, await endOf(stream)) });
  return bounds;
}

/** The last sequence that the stream had stored at an instant, asked once for each stream; 0 when none. */
export function endsAt(log: EventLog, at: Instant): (stream: StreamName) => Promise<number> {
  const known = new Map<StreamName, Promise<number>>();
  return (stream) => {
    const asked = known.get(stream) ?? lastStoredBy(log, stream, at);
    known.set(stream, asked);
    return asked;
  };
}

async function lastStoredBy(log: EventLog, stream: StreamName, at: Instant): Promise<number> {
  const { firstSequence, lastSequence } = await log.describe(stream);
  // Of a stream that nothing was ever published to, the first is 0.
  let low = Math.max(1, firstSequence);
  let high = lastSequence + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await firstFrom(log, stream, middle, high);
    if (message !== undefined && message.storedAt <= at) low = message.sequence + 1;
    else high = middle;
  }
  return low - 1;
}

/** Ids of the events up to a sequence that the stream holds. */
export async function idsUpTo(
  log: EventLog,
  stream: StreamName,
  subjects: readonly string[],
  to: number,
): Promise<string[]> {
  const ids: string[] = [];
  const closing = new AbortController();
  const reader = log.read({ stream, subjects, from: { sequence: 1 }, signal: closing.signal });
  const reading = (async () => {
    for await (const message of reader) {
      if (message.sequence <= to) ids.push(message.header('ce-id'));
      if (message.sequence >= to) return true;
    }
    return true;
  })();
  const drained = async () => {
    while (!(await reader.isDrained())) await delay(ASK_MS, undefined, { signal: closing.signal });
  };
  try {
    if (to > 0) await Promise.race([reading, drained()]);
    return ids;
  } finally {
    closing.abort();
    await reading.catch(() => undefined);
  }
}

/** Some sequences are gone: what a work queue or a removed message leaves. */
async function firstFrom(log: EventLog, stream: StreamName, from: number, end: number) {
  for (let sequence = from; sequence < end; sequence += 1) {
    const message = await log.messageAt(stream, sequence);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** What RESULTS, the one stream that forgets, still holds. */
export interface Held {
  /** from when on it has everything that was ever in it; undefined when it has forgotten nothing */
  readonly horizon: Instant | undefined;
  readonly firstResult: number;
}

export async function heldResults(log: EventLog, replayable: Replayable, now: Instant): Promise<Held> {
  if (!inputsOf(replayable).some(({ stream }) => stream === 'RESULTS'))
    return { horizon: undefined, firstResult: 1 };
  const { firstSequence: firstResult } = await log.describe('RESULTS');
  if (firstResult <= 1) return { horizon: undefined, firstResult };
  // Nothing at all is left of it when there is no first one.
  const first = await log.messageAt('RESULTS', firstResult);
  return { horizon: first?.storedAt ?? now, firstResult };
}

/** Sets the shadow's target; its positions stay. Everything up to it counts as folded before: nothing is told anew. */
export async function setBounds(
  tx: Transaction<unknown>,
  shadow: string,
  bounds: readonly Bound[],
): Promise<void> {
  await sql`insert into ${sql.id(shadow, 'checkpoint')} (projection, stream, shard, rebuild_until)
    select * from ${unnest(
      'b',
      { projection: 'text', stream: 'text', shard: 'text', seq: 'int8' },
      bounds.map(({ projection, stream, shard, seq }) => ({ projection, stream, shard, seq })),
    )}
    on conflict (projection, stream, shard) do update set rebuild_until = excluded.rebuild_until`.execute(tx);
}

/** What of the log is to be read no more: the shadow is at its bounds. */
export async function reachBounds(db: Kysely<unknown>, shadow: string, projection: string): Promise<void> {
  await sql`update ${sql.id(shadow, 'checkpoint')} set seq = rebuild_until, updated_at = now()
    where projection = ${projection} and seq < rebuild_until`.execute(db);
}
