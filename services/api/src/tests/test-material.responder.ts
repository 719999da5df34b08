import { requests } from '@tocsin/contracts';
import type { Kysely } from 'kysely';
import type { ApiDatabase } from '../database.js';
import { respond } from '../requests.responder.js';
import type { ResponderOptions } from '../secrets/monitor-secret.responder.js';
import { allVariables } from '../variables/variable.store.js';
import { openValues } from '../variables/variable-value.store.js';
import type { SecretKeys } from '../wiring.js';
import { testOf } from './test.store.js';
import {
  type Material,
  materialOf,
  type Question,
  question,
  type Refusal,
  refusal,
} from './test-material.js';

/** Gives executors the tests they are to run, with the variables and secrets these may use, until the signal. */
export const answerTestMaterial = (options: ResponderOptions, signal: AbortSignal): Promise<void> =>
  respond(options.nats, requests.testMaterial, (text) => answerTo(options, text), signal);

async function answerTo({ db, keys, logger }: ResponderOptions, text: string): Promise<Material | Refusal> {
  try {
    const asked = question.safeParse(JSON.parse(text));
    if (!asked.success) return refusal('not_found', 'the question is not understood');
    // One moment for all of it: a secret that is being replaced is there with its variable.
    const snapshot = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    return await snapshot.execute((tx) => material(tx, asked.data, keys));
  } catch (error) {
    logger.error({ err: error }, 'the material of a test cannot be told');
    return refusal('unavailable', 'the material of the test cannot be read: ask again soon');
  }
}

async function material(
  tx: Kysely<ApiDatabase>,
  { project, testId, runId, jobId }: Question,
  keys: SecretKeys,
): Promise<Material | Refusal> {
  if (runId !== undefined && (await isCancelled(tx, project, runId)))
    return refusal('cancelled', 'the run was cancelled');
  if (jobId !== undefined && !(await isThere(tx, project, jobId)))
    return refusal('cancelled', 'the job of the run was deleted');
  const test = await testOf(tx, project, testId).executeTakeFirst();
  if (test === undefined) return refusal('not_found', 'the test was deleted');
  const rows = await allVariables(tx, project);
  const values = await openValues(tx, rows, keys);
  return materialOf(
    test,
    rows.map((row) => ({ row, value: values.get(row.id) ?? '' })),
  );
}

async function isThere(tx: Kysely<ApiDatabase>, project: string, jobId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('config.jobs')
    .select('id')
    .where('id', '=', jobId)
    .where('project', '=', project)
    .executeTakeFirst();
  return row !== undefined;
}

async function isCancelled(tx: Kysely<ApiDatabase>, project: string, runId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('config.run_cancel')
    .select('run_id')
    .where('run_id', '=', runId)
    .where('project', '=', project)
    .executeTakeFirst();
  return row !== undefined;
}
