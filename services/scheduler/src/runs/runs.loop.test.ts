import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { runIdOfSlot } from './run-events.js';
import {
  at,
  cancelRequested,
  completed,
  jobConfigured,
  jobDeleted,
  runRequested,
  started,
  startRuns,
} from './testing-runs.js';

const stageOf = async (onTestFinished: (stop: () => Promise<void>) => void) =>
  await startRuns(await freshDatabase(inject('pgUrl')), onTestFinished);
const everyMinute = { cron: '* * * * *' };

describe.concurrent('a cron', () => {
  it('has its job run at its slot, by the settings the job has then', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const job = jobConfigured(everyMinute);
    await stage.publish(job);
    await stage.settled();
    expect(await stage.told.queued()).toEqual([]);
    stage.pass(30);
    const due = await stage.due(1);
    const { jobId, tests, timeoutSeconds, retries, location } = job.data;
    const run = { jobId, project: 'default', runId: runIdOfSlot(jobId, at(30)), slot: at(30), location };
    expect(due).toEqual({
      ...run,
      trigger: 'schedule',
      tests,
      timeoutSeconds,
      retries,
      configRevision: 1,
    });
    expect(await stage.told.queued()).toEqual([
      { ...run, trigger: 'schedule', queuedAt: stage.now(), testCount: 1 },
    ]);
    await stage.publish(
      completed(due, at(40)),
      jobConfigured({ ...job.data, revision: 2, timeoutSeconds: 9 }),
    );
    await stage.untilState(due.runId, 'finished');
    stage.pass(60);
    expect(await stage.due(2)).toMatchObject({ slot: at(90), timeoutSeconds: 9, configRevision: 2 });
  });

  it('finds its job running: the slot is missed and says so', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const { metrics } = stage.startReplica();
    const job = jobConfigured(everyMinute);
    await stage.publish(job);
    await stage.settled();
    stage.pass(30);
    const due = await stage.due(1);
    await stage.publish(started(due, at(31), at(900)));
    stage.pass(60);
    await stage.settled();
    stage.pass(60);
    await stage.settled();
    const { jobId } = job.data;
    const missed = { jobId, project: 'default', count: 1, reason: 'still_running' };
    expect(await stage.told.missed()).toEqual([
      { ...missed, firstSlot: at(90), lastSlot: at(90) },
      { ...missed, firstSlot: at(150), lastSlot: at(150) },
    ]);
    expect(await metrics.registry.metrics()).toMatch(
      /tocsin_runs_missed_total\{reason="still_running".*\} 2\n/,
    );
    await stage.publish(completed(due, at(160)));
    await stage.untilState(due.runId, 'finished');
    stage.pass(60);
    expect((await stage.due(2)).slot).toBe(at(210));
  });

  it('may let a job run beside itself', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    await stage.publish(jobConfigured({ ...everyMinute, allowOverlap: true }));
    await stage.settled();
    stage.pass(30);
    await stage.due(1);
    stage.pass(60);
    expect((await stage.due(2)).slot).toBe(at(90));
    expect(await stage.told.missed()).toEqual([]);
  });

  it('finds the queue full: the slot is missed and says so', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica({ limits: { perProject: 1, queued: 2 } });
    const others = [jobConfigured(), jobConfigured(), jobConfigured()];
    await stage.publish(...others, jobConfigured(everyMinute));
    await stage.publish(...others.map((job) => runRequested(job.data.jobId)));
    await stage.settled();
    stage.pass(30);
    await stage.settled();
    expect(await stage.told.missed()).toMatchObject([{ firstSlot: at(30), reason: 'queue_full', count: 1 }]);
  });

  it('is caught up on after downtime with one run, and the rest is recorded', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    const job = jobConfigured(everyMinute);
    await stage.publish(job);
    await stage.settled();
    stage.pass(30);
    const due = await stage.due(1);
    await stage.publish(completed(due, at(31)));
    await stage.untilState(due.runId, 'finished');
    await first.stop();
    stage.pass(600);
    stage.startReplica();
    expect(await stage.due(2)).toMatchObject({ slot: at(630), trigger: 'schedule' });
    expect(await stage.told.missed()).toMatchObject([
      { firstSlot: at(90), lastSlot: at(570), count: 9, reason: 'scheduler_was_down' },
    ]);
  });

  it('of hours is caught up on hours later, and says that it is late', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    await stage.publish(jobConfigured({ cron: '0 * * * *' }));
    await stage.settled();
    await first.stop();
    stage.pass(2 * 3_600 + 600);
    stage.startReplica();
    expect(await stage.due(1)).toMatchObject({ slot: at(7_170), trigger: 'catch_up' });
    expect(await stage.told.missed()).toMatchObject([{ firstSlot: at(3_570), count: 1 }]);
  });

  it('counts from the edit that made it and from the moment it is enabled', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const job = jobConfigured({ cron: '0 * * * *' });
    const paused = jobConfigured({ ...everyMinute, enabled: false });
    await stage.publish(job, paused);
    await stage.settled();
    stage.pass(600);
    await stage.settled();
    const edit = { revision: 2, changedAt: at(600), enabledAt: at(600) };
    await stage.publish(
      jobConfigured({ ...job.data, ...edit, ...everyMinute }),
      jobConfigured({ ...paused.data, ...edit, enabled: true }),
    );
    await stage.settled();
    expect([await stage.told.queued(), await stage.told.missed()]).toEqual([[], []]);
    stage.pass(30);
    await stage.due(2);
    expect((await stage.told.due()).map(({ slot }) => slot)).toEqual([at(630), at(630)]);
    expect(await stage.told.missed()).toEqual([]);
  });

  it('that is renamed meanwhile goes on as it was', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    const job = jobConfigured(everyMinute);
    await stage.publish(job);
    await stage.settled();
    await first.stop();
    await stage.publish(jobConfigured({ ...job.data, name: 'new', revision: 2, changedAt: at(200) }));
    stage.pass(300);
    stage.startReplica();
    expect((await stage.due(1)).slot).toBe(at(270));
    expect(await stage.told.missed()).toMatchObject([{ firstSlot: at(30), lastSlot: at(210), count: 4 }]);
  });

  it('brings nothing twice when the clock is set back, nor in another replica', async ({
    onTestFinished,
  }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    await stage.publish(jobConfigured({ ...everyMinute, allowOverlap: true }));
    await stage.settled();
    stage.pass(90);
    await stage.due(1);
    stage.pass(-85);
    await stage.settled();
    await first.stop();
    stage.startReplica();
    await stage.settled();
    stage.pass(60);
    await stage.settled();
    expect((await stage.told.due()).map(({ slot }) => slot)).toEqual([at(90)]);
    expect(await stage.told.missed()).toMatchObject([{ firstSlot: at(30), count: 1 }]);
    // Nor does it wait until the wall has come by again: it goes on from where it was, slower.
    stage.pass(10);
    expect((await stage.due(2)).slot).toBe(at(150));
  });
});

describe.concurrent('runs that are asked for', () => {
  it('wait for their turn, first come first served, and their places are seen', async ({
    onTestFinished,
  }) => {
    const stage = await stageOf(onTestFinished);
    const { metrics } = stage.startReplica();
    const jobs = Array.from({ length: 5 }, () => jobConfigured({ enabled: false }));
    const asked = jobs.map((job, index) => runRequested(job.data.jobId, index));
    await stage.publish(...jobs);
    // Folded before its job when the shards are two replicas': it is the one that waits longest all the same.
    await stage.publish(...asked.toReversed());
    await stage.due(2);
    await stage.settled();
    const ids = asked.map(({ data }) => data.runId);
    const { rows } = await sql<{ run_id: string; state: string; position: number | null }>`
      select run_id, state, position from scheduler.run_queue order by queued_at`.execute(stage.db);
    const waiting = rows.filter(({ state }) => state === 'queued');
    expect(waiting.map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(
      rows.filter(({ state }) => state === 'dispatched').every(({ position }) => position === null),
    ).toBe(true);
    expect(await stage.told.queued()).toHaveLength(5);
    const figures = await metrics.registry.metrics();
    expect(figures).toMatch(/tocsin_runs_queued\{.*\} 3\n/);
    expect(figures).toMatch(/tocsin_runs_going\{.*\} 2\n/);
    expect(figures).toMatch(/tocsin_run_queue_wait_seconds_count\{.*\} 2\n/);
    const order = waiting.map(({ run_id }) => run_id);
    expect(order).toEqual(ids.filter((id) => order.includes(id)));
    for (let n = 1; n <= 5; n += 1) {
      const due = await stage.due(n);
      await stage.publish(started(due, at(10), at(600)), completed(due, at(11)));
      await stage.untilState(due.runId, 'finished');
    }
    const made = (await stage.told.due()).map(({ runId }) => runId);
    expect(made.slice(2)).toEqual(order);
  });

  it('of one job are made one after the other', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const job = jobConfigured();
    const [one, two] = [runRequested(job.data.jobId, 0), runRequested(job.data.jobId, 1)];
    await stage.publish(job, one, two);
    const due = await stage.due(1);
    await stage.settled();
    expect(due.runId).toBe(one.data.runId);
    expect(await stage.stateOf(two.data.runId)).toBe('queued');
    await stage.publish(completed(due, at(5), 'failed'));
    expect((await stage.due(2)).runId).toBe(two.data.runId);
  });

  it('change nothing when they are told again, late, or in another order', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const job = jobConfigured();
    const asked = runRequested(job.data.jobId);
    await stage.publish(job, asked);
    const due = await stage.due(1);
    const cancel = cancelRequested(due.runId, job.data.jobId, 60);
    const [begun, ended] = [started(due, at(1), at(600)), completed(due, at(2))];
    await stage.publish(ended, begun, cancel);
    await stage.untilState(due.runId, 'finished');
    const again = (event: typeof asked | typeof begun | typeof ended | typeof job, n: number) => ({
      ...event,
      id: event.id.replace(/^.{4}/, `000${n}`),
    });
    await stage.publish(again(asked, 1), again(begun, 2), again(ended, 3), again(job, 4));
    await stage.settled();
    expect(await stage.stateOf(due.runId)).toBe('finished');
    expect(await stage.told.due()).toHaveLength(1);
    expect(await stage.told.completed()).toEqual([]);
    expect(stage.stops).toEqual([]);
  });

  it('of a job that there is not end as an error, never in silence', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const [gone, empty] = [jobConfigured(), jobConfigured({ tests: [] })];
    const unknown = runRequested('019a3c5e-0000-7000-8000-00000000000a');
    await stage.publish(gone, jobDeleted(gone.data.jobId, at(1)), empty, unknown);
    await stage.publish(runRequested(gone.data.jobId, 2), runRequested(empty.data.jobId, 2));
    await stage.settled();
    const ends = (await stage.told.completed()).map(({ status, error }) => `${status} ${error?.code}`);
    expect(ends.toSorted()).toEqual(['error job_gone', 'error job_gone', 'error no_tests']);
    expect(await stage.told.due()).toEqual([]);
  });

  it('end with their job: those that wait are cancelled, those that run are stopped', async ({
    onTestFinished,
  }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const job = jobConfigured();
    const [one, two] = [runRequested(job.data.jobId, 0), runRequested(job.data.jobId, 1)];
    await stage.publish(job, one, two);
    const due = await stage.due(1);
    await stage.publish(started(due, at(1), at(600)));
    await stage.untilState(due.runId, 'running');
    stage.pass(5);
    await stage.publish(jobDeleted(job.data.jobId, at(5)));
    await stage.untilState(two.data.runId, 'finished');
    await stage.settled();
    expect(await stage.told.completed()).toMatchObject([
      { runId: two.data.runId, status: 'cancelled', error: { code: 'job_deleted' }, trigger: 'manual' },
    ]);
    expect(stage.stops).toEqual([`local ${due.runId}`]);
    await stage.publish(completed(due, at(6), 'cancelled'));
    await stage.untilState(due.runId, 'finished');
    expect(await stage.told.completed()).toHaveLength(1);
  });
});
