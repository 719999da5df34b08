import { startRebuild } from '@tocsin/event-log';
import { freshDatabase } from '@tocsin/testing';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { until } from '../testing-stage.js';
import { emptyRuns } from './run.store.js';
import { RUNS_PROJECTION } from './runs.projection.js';
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
import { takeTurn } from './turn.store.js';

const stageOf = async (onTestFinished: (stop: () => Promise<void>) => void) =>
  await startRuns(await freshDatabase(inject('pgUrl')), onTestFinished);

const leader = async ({ db }: RunsStage) => {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_locks where locktype = 'advisory' and granted and objid = 0 and objsubid = 2
      and classid = (hashtext('scheduler-runs')::bigint & 4294967295)::oid
      and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return rows[0]?.pid;
};

describe.concurrent('replicas', () => {
  it('take over from one that is gone in the middle of it, and make no run twice', async ({
    onTestFinished,
  }) => {
    const stage = await stageOf(onTestFinished);
    for (let n = 0; n < 2; n += 1) stage.startReplica({ limits: { queued: 12 } });
    const jobs = Array.from({ length: 12 }, () => jobConfigured({ cron: '* * * * *' }));
    await stage.publish(...jobs);
    await stage.settled();
    stage.pass(30);
    await stage.due(1);
    for (let n = 1; n <= 12; n += 1) {
      const due = await stage.due(n);
      if (n % 4 === 1) {
        const pid = await leader(stage);
        await sql`select pg_terminate_backend(${pid})`.execute(stage.db);
        await until(async () => ![pid, undefined].includes(await leader(stage)));
      }
      await stage.publish(started(due, at(31), at(900)), completed(due, at(32)));
    }
    await stage.settled();
    const due = await stage.told.due();
    expect(due).toHaveLength(12);
    expect(new Set(due.map(({ runId }) => runId)).size).toBe(12);
    expect(await stage.told.completed()).toEqual([]);
    expect(await stage.told.missed()).toEqual([]);
  });

  it('wait for a job that another of them has not folded yet', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const limits = { perProject: 1, queued: 9, notBegunAfterMs: 1e9, notTakenAfterMs: 1e9, graceMs: 1e9 };
    const look = () => takeTurn(stage.db, { now: at(1), limits, heardOut: new Set() });
    const jobId = '019a3c5e-0000-7000-8000-00000000000a';
    await sql`insert into scheduler.run
      (run_id, job_id, project, slot, trigger, state, queued_at, announced, config_sequence)
      values (${jobId}, ${jobId}, 'default', ${at(0)}, 'manual', 'queued', ${at(0)}, false, 7)`.execute(
      stage.db,
    );
    await sql`insert into scheduler.checkpoint (projection, stream, shard, seq)
      values (${RUNS_PROJECTION.name}, 'CONFIG', 'a', 6), (${RUNS_PROJECTION.name}, 'CONFIG', 'b', 9)`.execute(
      stage.db,
    );
    expect((await look()).events).toEqual([]);
    await sql`update scheduler.checkpoint set seq = 7 where shard = 'a'`.execute(stage.db);
    expect((await look()).events).toMatchObject([
      { type: 'RunCompleted', data: { status: 'error', error: { code: 'job_gone' } } },
    ]);
  });
});

describe.concurrent('a rebuild', () => {
  it('gives the same tables, starts nothing and tells nothing', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica({ limits: { perProject: 3, queued: 9 } });
    const [cron, ...others] = [
      jobConfigured({ cron: '* * * * *' }),
      ...Array.from({ length: 3 }, () => jobConfigured()),
    ];
    await stage.publish(cron, ...others, ...others.map((job, n) => runRequested(job.data.jobId, n)));
    await stage.due(3);
    stage.pass(30);
    await until(async () => (await stage.told.queued()).length === 4);
    const [a, b] = await stage.told.due();
    if (a === undefined || b === undefined) throw new Error('not offered');
    await stage.publish(started(a, at(31), at(900)), completed(a, at(32)), started(b, at(31), at(900)));
    await stage.due(4);
    await stage.publish(cancelRequested(b.runId, b.jobId, 33));
    await stage.settled();
    await first.stop();

    const dump = async () => {
      const { rows: runs } = await sql`
        select to_jsonb(r) - 'dispatched_at' - 'config_sequence' as row from scheduler.run r order by run_id`.execute(
        stage.db,
      );
      const { rows: jobs } =
        await sql`select to_jsonb(j) as row from scheduler.job j order by job_id`.execute(stage.db);
      const { rows: told } = await sql`
        select id from scheduler.run_event union all select id from scheduler.due_event order by 1`.execute(
        stage.db,
      );
      return { runs, jobs, told };
    };
    const before = await dump();
    const { db, log } = stage;
    await startRebuild({ projection: RUNS_PROJECTION, db, log, empty: emptyRuns });
    expect((await dump()).jobs).toEqual([]);
    stage.startReplica({ limits: { perProject: 3, queued: 9 } });
    await stage.settled();
    expect(await dump()).toEqual(before);
    expect((await log.describe('CHECKS')).lastSequence).toBe(4);
  });

  it('revives no run whose end the log has forgotten', async ({ onTestFinished }) => {
    const stage = await stageOf(onTestFinished);
    const first = stage.startReplica();
    const job = jobConfigured();
    await stage.publish(job, runRequested(job.data.jobId));
    const due = await stage.due(1);
    await stage.publish(completed(due, at(2)));
    await stage.untilState(due.runId, 'finished');
    await stage.settled();
    await first.stop();
    const { db, log } = stage;
    const old = runRequested(job.data.jobId, -8 * 86_400);
    await stage.publish(old);
    log.recreate('RESULTS');
    await sql`truncate scheduler.run_event, scheduler.due_event`.execute(db);
    await startRebuild({ projection: RUNS_PROJECTION, db, log, empty: emptyRuns });
    stage.startReplica();
    await stage.settled();
    expect(await stage.stateOf(due.runId)).toBe('finished');
    expect(await stage.stateOf(old.data.runId)).toBe('absent');
    expect([await stage.told.due(), await stage.told.completed()]).toEqual([[], []]);
  });
});
