import type { Shard } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';
import { type KnownState, loadStates, type TargetRecord } from './target-state.store.js';

/** Some 1 KiB each. */
const MOST_STATES = 20_000;

/** Says in the fold's transaction that the shards' states are this writer's now. @returns those that were another's */
export async function claimShards(
  tx: Transaction<unknown>,
  shards: readonly Shard[],
  writer: string,
): Promise<Shard[]> {
  const { rows } = await sql<{ shard: Shard }>`
    select shard from shard_writer
    where shard = any(${shards}::text[]) and writer = ${writer}`.execute(tx);
  const mine = new Set(rows.map(({ shard }) => shard));
  const others = shards.filter((shard) => !mine.has(shard));
  if (others.length > 0)
    await sql`insert into shard_writer (shard, writer)
      select shard, ${writer} from unnest(${others}::text[]) as s(shard)
      on conflict (shard) do update set writer = excluded.writer`.execute(tx);
  return others;
}

/**
 * States of targets between batches, so that a result costs no read. True only while nobody else wrote: who does leaves
 * a name in `shard_writer`, and after a batch whose commit was not confirmed nothing is believed.
 */
export function createStateCache(writer: string) {
  const shards = new Map<Shard, Map<string, KnownState>>();
  let size = 0;
  let unconfirmed = false;

  function drop(shard: Shard): void {
    size -= shards.get(shard)?.size ?? 0;
    shards.delete(shard);
  }

  return {
    /** Call first in a batch. */
    async begin(tx: Transaction<unknown>, owned: readonly Shard[]): Promise<void> {
      if (unconfirmed) for (const shard of shards.keys()) drop(shard);
      unconfirmed = true;
      for (const shard of await claimShards(tx, owned, writer)) drop(shard);
    },

    async load(
      tx: Transaction<unknown>,
      targets: ReadonlyMap<string, Shard>,
    ): Promise<Map<string, KnownState>> {
      const found = new Map<string, KnownState>();
      const missing: string[] = [];
      for (const [id, shard] of targets) {
        const known = shards.get(shard)?.get(id);
        if (known === undefined) missing.push(id);
        else found.set(id, known);
      }
      for (const [id, known] of await loadStates(tx, missing)) found.set(id, known);
      return found;
    },

    /** Call when the batch is committed. When it is full the first to come stay: monitors take turns. */
    confirm(records: readonly TargetRecord[]): void {
      unconfirmed = false;
      for (const { targetId, shard, state } of records) {
        const states = shards.get(shard) ?? new Map<string, KnownState>();
        shards.set(shard, states);
        const isNew = !states.has(targetId);
        if (state.policy?.deleted === true) {
          if (states.delete(targetId)) size -= 1;
        } else if (!isNew || size < MOST_STATES) {
          states.set(targetId, { state, stored: true });
          if (isNew) size += 1;
        }
      }
    },
  };
}

export type StateCache = ReturnType<typeof createStateCache>;
