import type { Instant } from '@tocsin/kernel';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import type { RunCancelRow } from '../database.js';
import type { Caller } from '../http/call.js';

/** @returns since when the run is to end: now, or since somebody said so before */
export async function cancelRun(
  tx: Tx,
  caller: Caller,
  run: { readonly run_id: string; readonly job_id: string },
  now: Instant,
): Promise<Instant> {
  const { run_id: runId, job_id: jobId } = run;
  const row: RunCancelRow = { run_id: runId, job_id: jobId, project: caller.project, requested_at: now };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('config.run_cancel')
    .values(row)
    .onConflict((conflict) => conflict.column('run_id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) {
    const about = { kind: 'cancel', id: runId, entityId: jobId } as const;
    await recordChanges(tx, [configEvent('RunCancelRequested', about, caller, now, { runId, jobId })]);
    return now;
  }
  const before = await tx
    .selectFrom('config.run_cancel')
    .select('requested_at')
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return before.requested_at;
}
