import { chainHash, type EventRow, GENESIS } from '@tocsin/event-log';
import type { ChainedStream } from './chained-table.js';
import type { Difference, Place } from './difference.js';

export interface Head {
  readonly chain: string;
  readonly position: number;
  readonly hash: string;
}

export type ChainedRow = Omit<EventRow, 'stream_seq' | 'traceparent'>;

/** Follows one chain, row by row. Only its first broken link is told: all after it are bound to it. */
export function createChainCheck(
  place: Place,
  stream: ChainedStream,
  chain: string,
  onDifference: (difference: Difference) => void,
) {
  let position = 0;
  let hash = GENESIS;
  let isBroken = false;

  function differ(difference: Pick<Difference, 'kind' | 'sentence'> & Partial<Difference>): void {
    if (isBroken) return;
    isBroken = true;
    onDifference({ place, stream, chain, ...difference });
  }

  return {
    next(row: ChainedRow): void {
      position += 1;
      const about = { position: row.position, eventId: row.id };
      if (row.position !== position) {
        const gone =
          row.position === position + 1
            ? `position ${position} is`
            : `positions ${position} to ${row.position - 1} are`;
        const sentence =
          row.position > position
            ? `${gone} missing: events were deleted`
            : `position ${row.position} comes after ${position - 1}: an event was put in`;
        differ({ ...about, kind: row.position > position ? 'deleted' : 'inserted', position, sentence });
        position = row.position;
      } else if (row.prev_hash !== hash)
        differ({
          ...about,
          kind: 'inserted',
          field: 'prev_hash',
          expected: hash,
          found: row.prev_hash,
          sentence: 'it is not bound to the event before it: an event was put in, taken out or swapped',
        });
      else if (row.hash !== chainHash(hash, row))
        differ({
          ...about,
          kind: 'altered',
          field: 'hash',
          expected: row.hash,
          found: chainHash(hash, row),
          sentence: 'its hash is not that of what it says: the event was altered',
        });
      hash = row.hash ?? '';
    },

    /** @param head what the chain is said to end with */
    end(head: Omit<Head, 'chain'> | undefined): void {
      if (position < (head?.position ?? 0))
        differ({
          kind: 'truncated',
          position: position + 1,
          sentence: `it ends at position ${position} and was written up to ${head?.position}: the end was cut off`,
        });
      else if (position > (head?.position ?? 0))
        differ({
          kind: 'inserted',
          position: (head?.position ?? 0) + 1,
          sentence: `it was written up to position ${head?.position ?? 0} and goes on to ${position}: events were put in`,
        });
      else if (head !== undefined && head.hash !== hash)
        differ({
          kind: 'altered',
          position,
          field: 'hash',
          expected: head.hash,
          found: hash,
          sentence: 'its last hash is not the one it was said to end with',
        });
    },

    head: (): Head => ({ chain, position, hash }),
  };
}
