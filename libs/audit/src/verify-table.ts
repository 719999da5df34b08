import type { Kysely } from 'kysely';
import { isTold } from './alert-event.js';
import type { AlertReader } from './alert-reader.js';
import { createChainCheck, type Head } from './chain-check.js';
import type { ChainedTable } from './chained-table.js';
import type { Difference } from './difference.js';
import { loadHeads, passedOver, rowsOfChain } from './table.store.js';

const PASSED_OVER =
  'it was never published, and what came after it was: it was put into the table, or the stream refused it for good';

/** Recomputes every chain of a table. @returns what each really ends with */
export async function verifyTable(
  db: Kysely<unknown>,
  table: ChainedTable,
  alerts: AlertReader,
  tell: (difference: Difference) => void,
  onRead: (rows: number) => void,
): Promise<Head[]> {
  const { stream } = table;
  const ends: Head[] = [];
  for (const head of await loadHeads(db, table)) {
    const { chain } = head;
    const check = createChainCheck('table', stream, chain, tell);
    let rows = 0;
    for await (const row of rowsOfChain(db, table, chain)) {
      check.next(row);
      if (stream === 'ALERTS') {
        const alert = alerts.check(row);
        if (isTold(alert))
          tell({ place: 'table', stream, chain, position: row.position, eventId: row.id, ...alert });
      }
      rows += 1;
      if (rows % 1000 === 0) onRead(1000);
    }
    onRead(rows % 1000);
    check.end(head);
    ends.push(check.head());
  }
  if (stream === 'ALERTS') alerts.complete();
  for (const { chain, position, id: eventId } of await passedOver(db, table))
    tell({ place: 'table', stream, chain, position, eventId, kind: 'inserted', sentence: PASSED_OVER });
  return ends;
}
