import { isDeepStrictEqual } from 'node:util';
import { type JobInput, jobInput, parseInput } from '@tocsin/http-api';
import { type Instant, type JsonObject, newId } from '@tocsin/kernel';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { requireRevision } from '../changes/revision.js';
import type { JobRow } from '../database.js';
import type { Call } from '../http/call.js';
import { columnsOf, shownOf } from './job.js';
import { lockJob, saveJob } from './job.store.js';

export async function createJob(tx: Tx, { caller, body }: Call<JobInput>, now: Instant): Promise<JobRow> {
  const row: JobRow = {
    id: newId(),
    project: caller.project,
    ...columnsOf(body),
    enabled_at: now,
    revision: 1,
    created_at: now,
    updated_at: now,
  };
  await saveJob(tx, caller, row);
  return row;
}

/** @param next the job as it shall be, made of how it was shown */
export async function reviseJob(
  tx: Tx,
  call: Call,
  next: (shown: JsonObject) => unknown,
  now: Instant,
): Promise<JobRow> {
  const before = await lockJob(tx, call.caller.project, call.id);
  requireRevision(call, before.revision);
  const columns = columnsOf(parseInput(jobInput, next(shownOf(before))), before);
  const isSame = Object.entries(columns).every(([name, value]) =>
    isDeepStrictEqual(before[name as keyof JobRow], value),
  );
  if (isSame) return before;
  const row = {
    ...before,
    ...columns,
    enabled_at: columns.enabled && !before.enabled ? now : before.enabled_at,
    revision: before.revision + 1,
    updated_at: now,
  };
  await saveJob(tx, call.caller, row);
  return row;
}

export async function deleteJob(tx: Tx, call: Call, now: Instant): Promise<void> {
  const { id, revision } = await lockJob(tx, call.caller.project, call.id);
  requireRevision(call, revision);
  await tx.deleteFrom('config.jobs').where('id', '=', id).execute();
  const change = { jobId: id, revision: revision + 1 };
  await recordChanges(tx, [configEvent('JobDeleted', { kind: 'job', id }, call.caller, now, change)]);
}
