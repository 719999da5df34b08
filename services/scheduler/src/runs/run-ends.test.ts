import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { until } from '../testing-stage.js';
import {
  at,
  cancelRequested,
  completed,
  jobConfigured,
  type RunsStage,
  runRequested,
  started,
  startRuns,
} from './testing-runs.js';

const stageOf = async (onTestFinished: (stop: () => Promise<void>) => void) =>
  await startRuns(await freshDatabase(inject('pgUrl')), onTestFinished);

/** A job with a run that an executor may take. */
async function offered(stage: RunsStage) {
  const job = jobConfigured();
  await stage.publish(job, runRequested(job.data.jobId));
  return { job, due: await stage.due(1) };
}

describe.concurrent('a run that is cancelled', () => {
  it('in the queue is over at once, and no executor hears of it', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const { job } = await offered(stage);
    const waiting = runRequested(job.data.jobId, 1);
    await stage.publish(waiting);
    await stage.untilState(waiting.data.runId, 'queued');
    await stage.publish(cancelRequested(waiting.data.runId, job.data.jobId, 2));
    await stage.untilState(waiting.data.runId, 'finished');
    await until(async () => (await stage.told.completed()).length === 1);
    const [end] = await stage.told.completed();
    expect(end).toMatchObject({ runId: waiting.data.runId, status: 'cancelled', durationMs: 0, tests: [] });
    expect(end?.location).toBeUndefined();
    expect(stage.stops).toEqual([]);
  });

  it('while anybody may take it is over at once, and who did is told', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const { job, due } = await offered(stage);
    await stage.publish(cancelRequested(due.runId, job.data.jobId, 1));
    await stage.untilState(due.runId, 'finished');
    await stage.settled();
    expect(stage.stops).toEqual([`local ${due.runId}`]);
    await until(async () => (await stage.told.completed()).length === 1);
    // It had taken it a moment before.
    await stage.publish(started(due, at(1), at(600)), completed(due, at(2), 'cancelled'));
    await stage.settled();
    expect(await stage.stateOf(due.runId)).toBe('finished');
  });

  it('while it runs is told to end until its executor says that it has', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const { job, due } = await offered(stage);
    await stage.publish(started(due, at(1), at(600)));
    await stage.untilState(due.runId, 'running');
    await stage.publish(cancelRequested(due.runId, job.data.jobId, 1));
    await until(() => stage.stops.length >= 2);
    expect(new Set(stage.stops)).toEqual(new Set([`local ${due.runId}`]));
    await stage.publish(completed(due, at(4), 'cancelled'));
    await stage.untilState(due.runId, 'finished');
    expect(await stage.told.completed()).toEqual([]);
  });

  it('and whose executor never answers is over a minute later', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const { job, due } = await offered(stage);
    await stage.publish(started(due, at(1), at(86_400)));
    await stage.untilState(due.runId, 'running');
    await stage.publish(cancelRequested(due.runId, job.data.jobId, 1));
    stage.pass(60);
    await stage.settled();
    expect(await stage.stateOf(due.runId)).toBe('running');
    stage.pass(2);
    await stage.untilState(due.runId, 'finished');
    await until(async () => (await stage.told.completed()).length === 1);
    expect(await stage.told.completed()).toMatchObject([
      { status: 'cancelled', startedAt: at(1), durationMs: 61_000, location: 'local' },
    ]);
  });
});

describe.concurrent('a run of which nothing is heard', () => {
  it('because nobody takes it is an error after an hour, and the queue goes on', async ({
    onTestFinished,
  }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const { job, due } = await offered(stage);
    const next = runRequested(job.data.jobId, 1);
    await stage.publish(next);
    stage.pass(3_600);
    await stage.settled();
    expect(await stage.stateOf(due.runId)).toBe('dispatched');
    stage.pass(1);
    expect((await stage.due(2)).runId).toBe(next.data.runId);
    await until(async () => (await stage.told.completed()).length === 1);
    expect(await stage.told.completed()).toMatchObject([
      { runId: due.runId, status: 'error', error: { code: 'not_taken' } },
    ]);
  });

  it('past its deadline is an error a minute later, and the queue goes on', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    stage.startReplica();
    const { job, due } = await offered(stage);
    const next = runRequested(job.data.jobId, 1);
    await stage.publish(next, started(due, at(1), at(601)));
    await stage.untilState(due.runId, 'running');
    stage.pass(661);
    await stage.settled();
    expect(await stage.stateOf(due.runId)).toBe('running');
    stage.pass(1);
    expect((await stage.due(2)).runId).toBe(next.data.runId);
    await until(async () => (await stage.told.completed()).length === 1);
    expect(await stage.told.completed()).toMatchObject([
      { runId: due.runId, status: 'error', error: { code: 'executor_lost' }, startedAt: at(1) },
    ]);
    // It was only cut off: what it says now is too late.
    await stage.publish(completed(due, at(700)));
    await stage.settled();
    expect(await stage.told.completed()).toHaveLength(1);
  });

  it('is not given up while the log holds what its executor said', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    const { due } = await offered(stage);
    await stage.publish(started(due, at(1), at(601)));
    await stage.untilState(due.runId, 'running');
    const deaf = stage.startReplica({ folds: false });
    await first.stop();
    stage.pass(7_200);
    await stage.publish(completed(due, at(300)));
    const looks = stage.looks();
    await until(() => stage.looks() >= looks + 5, 20_000);
    expect(await stage.stateOf(due.runId)).toBe('running');
    await deaf.stop();
    stage.startReplica();
    await stage.untilState(due.runId, 'finished');
    await stage.settled();
    expect(await stage.told.completed()).toEqual([]);
  });

  it('is not given up by a scheduler that was away longer than the run took', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    const { due } = await offered(stage);
    await first.stop();
    await stage.publish(started(due, at(1), at(601)), completed(due, at(300)));
    stage.pass(86_400);
    stage.startReplica();
    await stage.untilState(due.runId, 'finished');
    await stage.settled();
    expect(await stage.told.completed()).toEqual([]);
    expect(await stage.told.due()).toHaveLength(1);
  });
});

describe.concurrent('what is over', () => {
  it('is forgotten after a week, and asked for again it ends as too late', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    const job = jobConfigured();
    const asked = runRequested(job.data.jobId);
    await stage.publish(job, asked);
    const due = await stage.due(1);
    await stage.publish(completed(due, at(2)));
    await stage.untilState(due.runId, 'finished');
    await first.stop();
    stage.pass(8 * 86_400);
    stage.startReplica();
    await stage.untilState(due.runId, 'absent');
    await stage.publish({ ...asked, id: asked.id.replace(/^.{4}/, '0000') });
    await until(async () => (await stage.told.completed()).length === 1);
    expect(await stage.told.completed()).toMatchObject([{ error: { code: 'waited_too_long' } }]);
    expect(await stage.told.due()).toHaveLength(1);
    expect((await sql`select 1 from scheduler.run_queue`.execute(stage.db)).rows).toEqual([]);
  });
});
