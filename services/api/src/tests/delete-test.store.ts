import { DomainError, type Instant } from '@tocsin/kernel';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { requireRevision } from '../changes/revision.js';
import type { Call } from '../http/call.js';
import { lockJob, saveJob } from '../jobs/job.store.js';
import { withoutTest } from './test.js';
import { lockTest, usageOf } from './test.store.js';

/**
 * A test in use is kept unless `force`: then the jobs that run it go on without it, each as a revision of its own. A
 * monitor has nothing but its test, so it is never left without one.
 * @throws DomainError `test_in_use` naming who uses it
 */
export async function deleteTest(tx: Tx, call: Call, force: boolean, now: Instant): Promise<void> {
  const { caller } = call;
  const { id, revision } = await lockTest(tx, caller.project, call.id);
  requireRevision(call, revision);
  const { jobs, monitors } = await usageOf(tx, id);
  if (monitors.length > 0)
    throw inUse('monitor', monitors, 'delete the monitor, or give it another test, first');
  if (jobs.length > 0 && !force)
    throw inUse('job', jobs, 'take it out there first, or delete it with ?force=true');

  for (const user of jobs) {
    const job = await lockJob(tx, caller.project, user.id);
    const changed = { ...withoutTest(job, id), revision: job.revision + 1, updated_at: now };
    await saveJob(tx, caller, { ...job, ...changed });
  }

  await tx.deleteFrom('config.tests').where('id', '=', id).execute();
  const change = { testId: id, revision: revision + 1 };
  await recordChanges(tx, [configEvent('TestDeleted', { kind: 'test', id }, caller, now, change)]);
}

const SHOWN = 5;

function inUse(kind: string, users: readonly { readonly name: string }[], advice: string): DomainError {
  const names = users.slice(0, SHOWN).map(({ name }) => `${kind} "${name}"`);
  const more = users.length > SHOWN ? ` and ${users.length - SHOWN} more` : '';
  return new DomainError('test_in_use', `it is used by ${names.join(', ')}${more}: ${advice}`);
}
