import { type RawBuilder, sql } from 'kysely';

/**
 * `statusOf` of changes/status-of.ts for a list whose table is called `t`: what a person did is true at once, whether or
 * not the results service has folded it.
 * @param isThere whether that service has ever run here
 */
export const statusNow = (isThere: boolean): { status: RawBuilder<string>; join: RawBuilder<unknown> } =>
  isThere
    ? {
        status: sql`case when not t.enabled then 'paused'
          when seen.status is null or seen.status = 'paused' then 'pending' else seen.status end`,
        join: sql`left join results.target_status seen on seen.target_id = t.id and not seen.deleted`,
      }
    : { status: sql`case when t.enabled then 'pending' else 'paused' end`, join: sql`` };
