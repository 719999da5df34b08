import type { Cause, LoggedAlert } from '@tocsin/alerting';
import { type Shard, shardOf } from '@tocsin/kernel';
import type { Kysely } from 'kysely';
import type { AlertReader } from './alert-reader.js';
import { tableOf } from './chained-table.js';
import { causeOf } from './config-cause.js';
import { type ChainOfAlerts, createRegressionWatch } from './results-known.js';
import { loadFolded, type PutAside, rowsOfChain } from './table.store.js';

const ALERTS = tableOf('ALERTS');
const CONFIG = tableOf('CONFIG');

/** By shard, what the evaluator has folded of CONFIG. */
export async function loadCauses(
  db: Kysely<unknown>,
  putAside: readonly PutAside[],
): Promise<Map<Shard, Cause[]>> {
  const folded = await loadFolded(db, 'CONFIG');
  const refused = new Set(
    putAside.filter(({ stream, wasReplayed }) => stream === 'CONFIG' && !wasReplayed).map(({ seq }) => seq),
  );
  const causes = new Map<Shard, Cause[]>();
  for await (const row of rowsOfChain(db, CONFIG, 'config')) {
    if (row.stream_seq === null || refused.has(row.stream_seq)) continue;
    const shard = shardOf(row.entity_id);
    if (row.stream_seq > (folded.get(shard) ?? 0)) continue;
    const cause = causeOf(row);
    if (cause === undefined) continue;
    const known = causes.get(shard);
    if (known === undefined) causes.set(shard, [cause]);
    else known.push(cause);
  }
  return causes;
}

/** What the chain of a shard tells about the results it was decided on. */
export async function watchChain(
  db: Kysely<unknown>,
  alerts: AlertReader,
  shard: Shard,
): Promise<ChainOfAlerts> {
  const watch = createRegressionWatch();
  for await (const row of rowsOfChain(db, ALERTS, shard)) {
    const alert = alerts.read(row);
    if (alert !== undefined) watch.next(alert);
  }
  return watch.seen();
}

/** The alert events of a shard, as far as they are wanted. @param atOnce so many belong to the first that are */
export function openChain(db: Kysely<unknown>, alerts: AlertReader, shard: Shard, atOnce: number) {
  const rows = rowsOfChain(db, ALERTS, shard);
  let given = 0;
  let isOver = false;
  return {
    shard,
    /** The next ones: those that count up to a result, and the first that does not. */
    async upTo(sequence: number): Promise<LoggedAlert[]> {
      const wanted: LoggedAlert[] = [];
      while (!isOver) {
        const next = await rows.next();
        if (next.done === true) isOver = true;
        else {
          const alert = alerts.read(next.value);
          if (alert === undefined) continue;
          wanted.push(alert);
          given += 1;
          if (given > atOnce && alert.event.data.position > sequence) break;
        }
      }
      return wanted;
    },
  };
}
