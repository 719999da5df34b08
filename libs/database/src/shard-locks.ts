import { ALL_SHARDS, type Shard, shardIndex } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';

/** Beyond the sixteen shards: the shared lock that says "I am a member of this group". */
const MEMBER = 255;

export interface ShardLocks {
  /** shards held by this connection, in order */
  owned(): readonly Shard[];
  /**
   * Takes or gives back shards towards a fair share. Call between batches, on the connection that commits.
   * @returns what changed
   */
  rebalance(): Promise<{ readonly gained: readonly Shard[]; readonly lost: readonly Shard[] }>;
}

/**
 * Shard ownership as session-level advisory locks on the connection that also commits: lose the connection and
 * you can neither hold the shard nor commit to it. That is the fence; there is no other.
 * @param connection one connection held for as long as the shards are (`db.connection()`)
 * @param group name of the projection, scheduler or sender; every replica uses the same one
 */
export function shardLocks<DB>(connection: Kysely<DB>, group: string): ShardLocks {
  let owned: Shard[] = [];
  let member = false;
  const lock = (shard: Shard) =>
    sql<{ ok: boolean }>`select pg_try_advisory_lock(hashtext(${group}), ${shardIndex(shard)}) as ok`.execute(
      connection,
    );
  const unlock = (shard: Shard) =>
    sql`select pg_advisory_unlock(hashtext(${group}), ${shardIndex(shard)})`.execute(connection);

  return {
    owned: () => owned,
    async rebalance() {
      if (!member) {
        await sql`select pg_advisory_lock_shared(hashtext(${group}), ${MEMBER})`.execute(connection);
        member = true;
      }
      const { rows } = await sql<{ members: number; mine: number[] | null }>`
        select count(distinct pid) filter (where objid = ${MEMBER})::int as members,
               array_agg(objid::int) filter (where objid < 16 and pid = pg_backend_pid()) as mine
        from pg_locks
        where locktype = 'advisory' and granted and objsubid = 2
          and database = (select oid from pg_database where datname = current_database())
          and classid = (hashtext(${group})::bigint & 4294967295)::oid`.execute(connection);
      const fairShare = Math.ceil(ALL_SHARDS.length / Math.max(1, rows[0]?.members ?? 1));
      const held = new Set(rows[0]?.mine ?? []);
      const before = owned;
      owned = ALL_SHARDS.filter((shard) => held.has(shardIndex(shard)));
      while (owned.length > fairShare) {
        const given = owned.pop();
        if (given !== undefined) await unlock(given);
      }
      for (const shard of ALL_SHARDS) {
        if (owned.length >= fairShare) break;
        if (owned.includes(shard)) continue;
        const { rows: answer } = await lock(shard);
        if (answer[0]?.ok === true) owned.push(shard);
      }
      owned.sort();
      return {
        gained: owned.filter((shard) => !before.includes(shard)),
        lost: before.filter((shard) => !owned.includes(shard)),
      };
    },
  };
}
