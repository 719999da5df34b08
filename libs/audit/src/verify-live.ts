import type { NatsConnection } from '@nats-io/transport-node';
import type { LoggedAlert } from '@tocsin/alerting';
import type { Kysely, Transaction } from 'kysely';
import { createAlertReader } from './alert-reader.js';
import type { Head } from './chain-check.js';
import { CHAINED_STREAMS, type ChainedStream, tableOf } from './chained-table.js';
import { comparePlaces, type PlacesCompared } from './compare-places.js';
import { type Judgement, noJudgement } from './decisions.js';
import type { Difference } from './difference.js';
import { judgeDecisions } from './judge-decisions.js';
import { endsOf, type StreamEnds } from './stream.nats.js';
import { countRows, inSnapshot } from './table.store.js';
import { trailDifference } from './trail-difference.js';
import { verifyTable } from './verify-table.js';

export interface VerifyOptions {
  /** undefined: the tables alone are looked at */
  readonly nats: NatsConnection | undefined;
  readonly db: Kysely<unknown>;
  /** decides the events of one monitor or job alone, and compares nothing */
  readonly targetId?: string | undefined;
  readonly onDifference?: (difference: Difference) => void;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onJudged?: (one: LoggedAlert, by: string) => void;
  /** looks at the tables as they are at the same instant */
  readonly inSameSnapshot?: (
    tx: Transaction<unknown>,
    tell: (difference: Difference) => void,
  ) => Promise<void>;
}

export interface VerifiedStream extends Partial<PlacesCompared> {
  readonly stream: ChainedStream;
  readonly rows: number;
  /** not published yet */
  readonly waiting: number;
  readonly heads: readonly Head[];
  readonly ends: StreamEnds | undefined;
}

export interface Verified {
  readonly differences: readonly Difference[];
  readonly streams: readonly VerifiedStream[];
  readonly results: number;
  readonly judgement: Judgement;
  /** what could not be judged as it should, in sentences */
  readonly notes: readonly string[];
  /** events read: rows, messages and results */
  readonly events: number;
}

/** Looks at everything that is kept for ever in both places, and decides the alert log again. Changes nothing. */
export async function verifyLive(options: VerifyOptions): Promise<Verified> {
  const { nats, db, targetId } = options;
  const differences: Difference[] = [];
  const notes: string[] = [];
  const alerts = createAlertReader();
  let events = 0;
  let total = 0;
  const tell = (difference: Difference) => {
    differences.push(difference);
    options.onDifference?.(difference);
  };
  const read = (count: number) => {
    events += count;
    options.onProgress?.(events, total);
  };
  const before = new Map<ChainedStream, StreamEnds>();
  if (nats !== undefined)
    for (const stream of CHAINED_STREAMS) before.set(stream, await endsOf(nats, stream));

  return await inSnapshot(db, async (tx) => {
    const streams: VerifiedStream[] = [];
    const counts = new Map<ChainedStream, Awaited<ReturnType<typeof countRows>>>();
    for (const stream of CHAINED_STREAMS) {
      const count = await countRows(tx, tableOf(stream));
      counts.set(stream, count);
      total += count.all + (before.get(stream)?.messages ?? 0);
    }
    const results = nats === undefined ? undefined : await endsOf(nats, 'RESULTS');
    total += results?.messages ?? 0;

    for (const stream of CHAINED_STREAMS) {
      if (targetId !== undefined) break;
      const table = tableOf(stream);
      const heads = await verifyTable(tx, table, alerts, tell, read);
      const ends = nats === undefined ? undefined : await endsOf(nats, stream);
      const was = before.get(stream);
      const compared =
        nats === undefined || ends === undefined || was === undefined
          ? undefined
          : await comparePlaces({ nats, db: tx }, table, { before: was, after: ends }, tell, read);
      const { all, waiting } = counts.get(stream) ?? { all: 0, waiting: 0 };
      streams.push({ stream, rows: all, waiting, heads, ends, ...compared });
      if (waiting > 0) notes.push(`${stream}: ${waiting} events of the table are not published yet`);
    }
    await options.inSameSnapshot?.(tx, tell);
    if (targetId === undefined) {
      const trail = await trailDifference(tx);
      if (trail !== undefined) tell(trail);
    }
    const { judgement, read: resultsRead } =
      nats === undefined
        ? { judgement: noJudgement(), read: 0 }
        : await judgeDecisions({
            nats,
            db: tx,
            alerts,
            targetId,
            tell,
            note: (text) => notes.push(text),
            read,
            onJudged: options.onJudged,
          });
    return { differences, streams, results: resultsRead, judgement, notes, events };
  });
}
