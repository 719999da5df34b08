import type { StreamName } from '@tocsin/contracts';
import type { Projection } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';

export interface FoldedUntil {
  readonly sequence: number;
  /** what is folded so far is older than what was known before */
  readonly isRebuilding: boolean;
}

/** How far a projection has folded these shards: the least of them. */
export async function foldedUntil(
  db: Kysely<unknown>,
  projection: Pick<Projection, 'name'>,
  stream: StreamName,
  shards: readonly Shard[],
): Promise<FoldedUntil> {
  const { rows } = await sql<{ seq: number; rebuild_until: number }>`
    select coalesce(c.seq, 0) as seq, coalesce(c.rebuild_until, 0) as rebuild_until
    from unnest(${shards}::text[]) as o(shard)
      left join checkpoint c on c.shard = o.shard and c.stream = ${stream}
        and c.projection = ${projection.name}`.execute(db);
  return {
    sequence: Math.min(...rows.map(({ seq }) => seq)),
    isRebuilding: rows.some(({ seq, rebuild_until }) => seq < rebuild_until),
  };
}
