import type { TriggerAnswer } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import type { JobRow, RunRequestRow } from '../database.js';
import type { Caller } from '../http/call.js';
import { answerOf, requestedOf, requestOf, requireRunnable } from './run.js';
import { queuePositions } from './run-queue.store.js';

export interface RunAsked {
  readonly jobId: string;
  readonly runId: string;
  readonly trigger: RunRequestRow['trigger'];
  readonly now: Instant;
  /** runs of the project that may wait */
  readonly queueLimit: number;
}

/**
 * A run in the queue: what the caller is told is in Postgres, with its event.
 * @throws DomainError `not_found`; `conflict` when there is nothing to run; `too_many_requests` when the queue is full
 */
export async function requestRun(tx: Tx, caller: Caller, asked: RunAsked): Promise<TriggerAnswer> {
  const { jobId, runId, trigger, now, queueLimit } = asked;
  const job = await jobToRun(tx, caller.project, jobId);
  requireRunnable(job, trigger);

  // Who comes next must count this one: requests of a project take turns.
  await sql`select pg_advisory_xact_lock(hashtext(${`run-queue:${caller.project}`}))`.execute(tx);
  const { size: waiting } = await queuePositions(tx, caller.project, now);
  if (waiting >= queueLimit)
    throw new DomainError(
      'too_many_requests',
      `${waiting} runs of the project are waiting already: try again when some of them are over`,
    );

  const request = requestOf(job, trigger, { runId, by: caller.name, now });
  await tx.insertInto('config.run_request').values(request).execute();
  const about = { kind: 'run', id: runId, entityId: jobId } as const;
  await recordChanges(tx, [configEvent('RunRequested', about, caller, now, requestedOf(request))]);
  return answerOf(job, request, waiting + 1);
}

/** It is there until the commit, so that no run is asked for after its job is gone. */
async function jobToRun(tx: Tx, project: string, id: string): Promise<JobRow> {
  const job = await tx
    .selectFrom('config.jobs')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project)
    .forKeyShare()
    .executeTakeFirst();
  if (job === undefined) throw notFound('job');
  return job;
}
