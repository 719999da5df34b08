import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { at, jobConfigured, run } from './events.fixture.js';
import { startProjector, type TestProjector } from './projector.fixture.js';

const J = '0190a1b2-0000-7000-8000-00000000000b';
const runId = derivedId('run', J, at(0));
const testId = '0190a1b2-0000-7000-8000-0000000000aa';
const base = { jobId: J, project: 'default', runId, slot: at(0) };
const event = { source: 'tocsin/test', natsSubject: subjects.result('default', 'job', J), entityId: J };

const queued: NewEvent<'RunQueued'> = {
  ...event,
  type: 'RunQueued',
  id: derivedId('run-queued', runId),
  time: at(1),
  data: { ...base, queuedAt: at(1), trigger: 'remote', testCount: 2, location: 'local' },
};
const started: NewEvent<'RunStarted'> = {
  ...event,
  type: 'RunStarted',
  id: derivedId('run-started', runId),
  time: at(5),
  data: { ...base, startedAt: at(5), location: 'local', deadlineAt: at(605), trigger: 'remote' },
};
const finished = run(J, at(0), {
  status: 'failed',
  startedAt: at(5),
  finishedAt: at(9),
  durationMs: 4_000,
  trigger: 'remote',
  location: 'local',
  error: { code: 'test_failed', message: 'checkout: the button is gone' },
  tests: [
    {
      testId,
      name: 'checkout',
      kind: 'browser',
      revision: 3,
      status: 'failed',
      durationMs: 3_900,
      attempts: 2,
      error: { code: 'test_failed', message: 'the button is gone' },
    },
  ],
  artifacts: [
    { name: `${testId}/trace.zip`, kind: 'trace', testId, contentType: 'application/zip', size: 9 },
  ],
});
const missed: NewEvent<'RunMissed'> = {
  ...event,
  type: 'RunMissed',
  id: derivedId('run-missed', J, at(60)),
  time: at(61),
  data: {
    jobId: J,
    project: 'default',
    firstSlot: at(60),
    lastSlot: at(60),
    count: 1,
    reason: 'still_running',
  },
};

let projector: TestProjector;
beforeAll(async () => {
  projector = await startProjector(await freshDatabase(inject('pgUrl')));
});
beforeEach(() => projector.restart());
afterAll(() => projector.close());

const shown = async () => {
  const [row] = await projector.rows<Record<string, unknown>>('select * from results.job_run');
  const { event_id: _, ...rest } = row ?? {};
  return rest;
};

describe('a run', () => {
  it('is known from the moment it is queued, and then for what it comes to', async () => {
    await projector.publish(jobConfigured(J, 1), queued);
    await projector.catchUp();
    expect(await shown()).toMatchObject({
      status: 'queued',
      queued_at: at(1),
      started_at: null,
      trigger: 'remote',
      test_count: 2,
      tests: [],
    });
    await projector.publish(started);
    await projector.catchUp();
    expect(await shown()).toMatchObject({ status: 'running', started_at: at(5), deadline_at: at(605) });
    await projector.publish(finished);
    await projector.catchUp();
    expect(await shown()).toMatchObject({
      status: 'failed',
      queued_at: at(1),
      finished_at: at(9),
      duration_ms: 4_000,
      error: { code: 'test_failed' },
      tests: [{ name: 'checkout', status: 'failed', attempts: 2 }],
      artifacts: [{ kind: 'trace', size: 9 }],
    });
  });

  const orders = [
    [queued, started, finished],
    [queued, finished, started],
    [started, queued, finished],
    [started, finished, queued],
    [finished, queued, started],
    [finished, started, queued],
  ];

  it.each(orders.map((order) => [order.map(({ type }) => type).join(', '), order] as const))(
    'is over in whatever order its events arrive: %s',
    async (_, order) => {
      await projector.publish(...order);
      await projector.catchUp();
      const together = await shown();
      expect(together).toMatchObject({ status: 'failed', finished_at: at(9), tests: [{ name: 'checkout' }] });
      expect(together).toMatchObject({ queued_at: at(1), trigger: 'remote', location: 'local' });
    },
  );

  it('that was ended by others stays as it ended when its executor speaks after all', async () => {
    const lost = run(J, at(0), { status: 'error', error: { code: 'executor_lost', message: 'gone' } });
    await projector.publish(queued, started, lost);
    await projector.catchUp();
    await projector.publish({ ...finished, id: derivedId('another', runId) });
    await projector.catchUp();
    expect(await shown()).toMatchObject({ status: 'error', tests: [] });
  });

  it('K9 that somebody cancelled changes nothing of what is known of its job', async () => {
    await projector.publish(jobConfigured(J, 1), run(J, at(-60)));
    await projector.publish(run(J, at(0), { status: 'cancelled' }), run(J, at(60), { status: 'cancelled' }));
    await projector.catchUp();
    expect(await projector.rows('select status from results.target_status')).toEqual([{ status: 'up' }]);
  });

  it('that never was is recorded with its reason', async () => {
    await projector.publish(missed, missed);
    await projector.catchUp();
    expect(await projector.rows('select * from results.missed_run')).toMatchObject([
      {
        job_id: J,
        from_slot: at(60),
        to_slot: at(60),
        count: 1,
        reason: 'still_running',
        recorded_at: at(61),
      },
    ]);
  });
});
