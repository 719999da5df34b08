import type { Kysely } from 'kysely';
import { tableOf } from './chained-table.js';
import type { Difference } from './difference.js';
import { rowAt } from './table.store.js';
import { chainKey, type VerifiedFile } from './verify-file.js';

/** Whether the tables still begin with what an export says. A hash speaks for all before it, so few are looked at. */
export async function compareFile(
  db: Kysely<unknown>,
  file: VerifiedFile,
  tell: (difference: Difference) => void,
): Promise<void> {
  for (const { stream, chain } of file.heads) {
    const hashes = file.hashes.get(chainKey(stream, chain)) ?? [];
    const hashAt = async (position: number) => (await rowAt(db, tableOf(stream), chain, position))?.hash;
    if (hashes.length === 0 || (await hashAt(hashes.length)) === hashes.at(-1)) continue;
    let [same, different] = [0, hashes.length];
    while (different - same > 1) {
      const middle = Math.floor((same + different) / 2);
      if ((await hashAt(middle)) === hashes[middle - 1]) same = middle;
      else different = middle;
    }
    const found = await rowAt(db, tableOf(stream), chain, different);
    tell({
      place: 'export',
      kind: found === undefined ? 'truncated' : 'altered',
      stream,
      chain,
      position: different,
      eventId: found?.id,
      field: 'hash',
      expected: hashes[different - 1],
      found: found?.hash ?? undefined,
      sentence:
        found === undefined
          ? 'the export has it and the table has not: the end of the table was cut off, or the export goes on where it should not'
          : 'from here on the export and the table do not say the same: one of them was altered',
    });
  }
}
