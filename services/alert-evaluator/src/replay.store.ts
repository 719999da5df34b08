import type { Round } from '@tocsin/event-log';
import { sql, type Transaction } from 'kysely';

/**
 * Lists the decisions that the shadow has not taken yet: those of the live event table since the heads it knows. Of a
 * state of the past, those that the stream had stored by then.
 */
export async function listDecisions(
  tx: Transaction<unknown>,
  { live, shadow, bounds, past }: Round,
): Promise<void> {
  const results = bounds.filter(({ stream }) => stream === 'RESULTS');
  const isDue =
    past === undefined
      ? sql`true`
      : sql`e.stream_seq <= ${await past.endOf('ALERTS')} and (e.data::json->>'position')::bigint <= b.seq`;
  // No later than those decided after it: where the log once lost its tail, its sequences went backwards.
  await sql`insert into ${sql.id(shadow, 'to_replay')} (chain, position, counts_after)
    select e.chain, e.position,
      min((e.data::json->>'position')::bigint) over (partition by e.chain order by e.position desc)
    from ${sql.id(live, 'event')} as e
      left join ${sql.id(shadow, 'event_chain')} as h on h.chain = e.chain
      join unnest(${results.map(({ shard }) => shard)}::text[], ${results.map(({ seq }) => seq)}::int8[])
        as b(shard, seq) on b.shard = e.chain
    where e.position > coalesce(h.position, 0) and ${isDue}`.execute(tx);
  await sql`insert into ${sql.id(shadow, 'event_chain')} as h (chain, position, hash)
    select chain, position, hash from ${sql.id(live, 'event_chain')}
    on conflict (chain) do update set position = excluded.position, hash = excluded.hash`.execute(tx);
}
