import { addMs, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import type { Database } from '../wiring.js';

const DAY_MS = 86_400_000;
/** Longer than any run waits and runs: what nobody has folded by now will not be. */
const KEPT_MS = 30 * DAY_MS;

/**
 * A request stands for its run until the run is over as others tell it: any longer, and it would come back as one that
 * waits when its result has been kept for its time.
 * @returns how many were forgotten
 */
export async function forgetOldRequests(db: Database, now: Instant): Promise<number> {
  const over = await unlessMissing(
    sql`delete from config.run_request r using results.job_run j
      where j.run_id = r.run_id and j.status not in ('queued', 'running')`.execute(db),
    undefined,
  );
  const before = addMs(now, -KEPT_MS);
  const old = await sql`delete from config.run_request where requested_at < ${before}`.execute(db);
  await sql`delete from config.run_cancel where requested_at < ${before}`.execute(db);
  return Number((over?.numAffectedRows ?? 0n) + (old.numAffectedRows ?? 0n));
}
