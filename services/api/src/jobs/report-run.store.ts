import { appendEvents } from '@tocsin/event-log';
import type { RunReport, RunView } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { RunCompleted } from '@tocsin/monitoring';
import { sql } from 'kysely';
import type { Tx } from '../changes/change.store.js';
import { RESULT_OUTBOX } from '../event-tables.js';
import type { Call } from '../http/call.js';
import { findJob } from './job.store.js';
import { completedRun, isSameRun, runViewOf } from './report-run.js';

/** @throws DomainError `conflict` when the slot was reported with another outcome */
export async function reportRun(tx: Tx, call: Call<RunReport>, now: Instant): Promise<RunView> {
  const job = await findJob(tx, call.caller.project, call.id);
  const event = completedRun(job, call.body, now);
  const isNew = await appendEvents(tx, RESULT_OUTBOX, [{ event }]);
  if (isNew > 0) return runViewOf(event.data, job.name);
  const { rows } = await sql<{ data: string }>`
    select data from config.result_outbox where id = ${event.id}`.execute(tx);
  const reported = JSON.parse(rows[0]?.data ?? '{}') as RunCompleted;
  if (!isSameRun(reported, event.data))
    throw new DomainError('conflict', `the run of ${event.data.slot} was reported with another outcome`);
  return runViewOf(reported, job.name);
}
