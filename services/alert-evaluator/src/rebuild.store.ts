import type { AlertEvent } from '@tocsin/alerting';
import { unnest } from '@tocsin/database';
import type { InputEvent } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';
import { SERVICE } from './evaluator.js';
import type { RebuildProgress } from './rebuild.js';

/** A decision of the past, to be taken as it stands. */
export interface LoggedDecision {
  readonly shard: Shard;
  readonly event: AlertEvent;
  /** RESULTS sequence of the shard after which it counts */
  readonly countsAfter: number;
}

/** Empties what is folded and lists the event table to be taken again; the event table itself stays as it is. */
export async function emptyTables(tx: Transaction<unknown>): Promise<void> {
  await sql`truncate target_state, alert, to_replay,
    shard_writer`.execute(tx);
  // No later than those decided after it: where the log once lost its tail, its sequences went backwards.
  await sql`insert into to_replay (chain, position, counts_after)
    select chain, position,
      min((data::json->>'position')::bigint) over (partition by chain order by position desc)
    from event`.execute(tx);
}

export async function loadRebuildProgress(
  tx: Transaction<unknown>,
  shards: readonly Shard[],
): Promise<RebuildProgress[]> {
  const { rows } = await sql<RebuildProgress>`
    select c.shard, c.seq as "configSequence", c.rebuild_until as "configUntil",
      r.seq as "resultsSequence", r.rebuild_until as "resultsUntil",
      exists (select from to_replay as t where t.chain = c.shard)
        or exists (select from put_off as p where p.shard = c.shard) as listed
    from checkpoint as c join checkpoint as r using (projection, shard)
    where projection = ${SERVICE} and c.stream = 'CONFIG' and r.stream = 'RESULTS'
      and c.shard = any(${shards}::text[])`.execute(tx);
  return rows;
}

/**
 * Takes decisions off the list, in the order they were made. Whoever folds a shard does this before it loads a
 * state: the deleted rows are what makes two of them take turns.
 * @param until by shard, the RESULTS sequence up to which to take them
 */
export async function takeDecisions(
  tx: Transaction<unknown>,
  until: ReadonlyMap<Shard, number>,
): Promise<LoggedDecision[]> {
  if (until.size === 0) return [];
  const { rows } = await sql<{ chain: Shard; counts_after: number; type: AlertEvent['type']; data: string }>`
    with taken as (
      delete from to_replay as t
      using unnest(${[...until.keys()]}::text[], ${[...until.values()]}::float8[]) as u(chain, sequence)
      where t.chain = u.chain and t.counts_after <= u.sequence
      returning t.chain, t.position, t.counts_after)
    select taken.chain, taken.counts_after, e.type, e.data
    from taken join event as e using (chain, position)
    order by taken.chain, taken.position`.execute(tx);
  return rows.map(({ chain, counts_after, type, data }) => ({
    shard: chain,
    countsAfter: counts_after,
    event: { type, data: JSON.parse(data) as unknown } as AlertEvent,
  }));
}

export async function putOff(tx: Transaction<unknown>, events: readonly InputEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ shard: event.shard, event: JSON.stringify(event) }));
  await sql`insert into put_off (shard, event)
    select * from ${unnest('p', { shard: 'text', event: 'text' }, rows)}`.execute(tx);
}

/** Oldest first. */
export async function takePutOff(tx: Transaction<unknown>, shards: readonly Shard[]): Promise<InputEvent[]> {
  if (shards.length === 0) return [];
  const { rows } = await sql<{ id: number; event: string }>`
    delete from put_off where shard = any(${shards}::text[]) returning id, event`.execute(tx);
  return rows.toSorted((a, b) => a.id - b.id).map(({ event }) => JSON.parse(event) as InputEvent);
}
