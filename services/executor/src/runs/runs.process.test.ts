import { type LoggedEvent, subjects } from '@tocsin/contracts';
import { derivedId, newId, toInstant } from '@tocsin/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRunWorld, type RunWorld, SECRET, SOON } from './runs.fixture.js';

let world: RunWorld;
beforeAll(async () => {
  world = await createRunWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

describe('an executor that runs', () => {
  let metrics: () => Promise<string>;
  beforeAll(async () => {
    ({ metrics } = await world.start());
  });
  afterAll(async () => {
    await world.endAll('SIGTERM');
  });

  it('makes the tests of a run in order, and tells of its beginning and its end', async () => {
    const due = await world.publishDue([world.scenario('first'), world.scenario('second')]);
    const run = await world.waitForEnd(due);
    expect(run).toMatchObject({
      runId: due.runId,
      jobId: due.jobId,
      slot: due.slot,
      status: 'passed',
      trigger: 'manual',
      location: 'local',
      tests: [
        { name: 'first', kind: 'api', revision: 3, status: 'passed', attempts: 1 },
        { name: 'second', status: 'passed' },
      ],
    });
    expect(run.error).toBeUndefined();
    const [started, ended] = await world.events();
    expect(started).toMatchObject({
      type: 'RunStarted',
      id: derivedId('run-started', due.runId),
      natsSubject: subjects.result('default', 'job', due.jobId),
      data: { startedAt: run.startedAt, location: 'local' },
    });
    const { deadlineAt } = (started as LoggedEvent<'RunStarted'>).data;
    expect(Date.parse(deadlineAt) - Date.parse(run.startedAt)).toBe(60_000);
    expect(ended?.id).toBe(derivedId('run-completed', due.runId));
    await world.queueIsEmpty();
    expect(await metrics()).toMatch(/tocsin_runs_total\{status="passed",.*\} 1/);
  });

  it('says what happens while it happens, keeps it, and shows no secret', async () => {
    const due = await world.publishDue([
      world.scenario(
        'leaky',
        world.look({
          url: '{{BASE}}/?{{KEY}}',
          assert: [{ that: 'body', is: 'containing', value: '{{KEY}}' }],
        }),
      ),
    ]);
    const run = await world.waitForEnd(due);
    expect(world.target.requests.at(-1)?.headers['x-key']).toBe(SECRET);
    const chunks = await vi.waitFor(async () => {
      const found = await world.outputOf(due);
      expect(found.at(-1)?.text).toContain('the run is over: failed');
      return found;
    }, SOON);
    const [testId] = due.tests;
    expect(chunks[0]).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      testId,
      source: 'tocsin',
      text: 'test 1 of 1: leaky\n',
    });
    expect(
      chunks
        .filter(({ source }) => source === 'stdout')
        .map(({ text }) => text)
        .join(''),
    ).toMatch(/^step 1 of 1 "look"\n {2}GET http:.*\n {2}200 in \d+ ms/);
    expect(run.artifacts).toEqual([
      {
        name: `${testId}/console.txt`,
        kind: 'console',
        testId,
        contentType: 'text/plain; charset=utf-8',
        size: expect.any(Number),
      },
    ]);
    const text = String(await world.artifact(due, `${testId}/console.txt`));
    expect(text).toContain('✗ step 1 of 1 "look": the body does not have "********" in it');
    expect(run.error?.message).toContain('leaky: step 1 of 1');
    expect(JSON.stringify([chunks, await world.events(), text, await metrics()])).not.toContain(SECRET);
  });

  it('makes all tests whatever the others found, and tries again those that did not pass', async () => {
    const before = world.target.requests.length;
    const failing = world.scenario('failing', world.look({ assert: [{ that: 'status', is: '404' }] }));
    const due = await world.publishDue([failing, newId(), world.scenario('passing')], { retries: 2 });
    const run = await world.waitForEnd(due);
    expect(run.status).toBe('failed');
    expect(run.error).toMatchObject({
      code: 'unexpected_status',
      message: expect.stringContaining('failing: '),
    });
    expect(run.tests).toMatchObject([
      { status: 'failed', attempts: 3, error: { code: 'unexpected_status' } },
      { status: 'error', attempts: 0, error: { code: 'test_gone' } },
      { status: 'passed', attempts: 1 },
    ]);
    expect(world.target.requests.length - before).toBe(4);
    expect(run.artifacts.map(({ name }) => name)).toEqual([
      `${failing}/attempt-1/console.txt`,
      `${failing}/attempt-2/console.txt`,
      `${failing}/console.txt`,
      `${due.tests[2]}/console.txt`,
    ]);
  });

  it('K6: ends a run whose job takes too long as a timeout, and skips what is left', async () => {
    await world.target.set('hang');
    const due = await world.publishDue([world.scenario('slow'), world.scenario('never begun')], {
      timeoutSeconds: 1,
      retries: 2,
    });
    const run = await world.waitForEnd(due);
    expect(run).toMatchObject({
      status: 'timeout',
      error: { code: 'job_timeout' },
      tests: [
        { name: 'slow', status: 'timeout', attempts: 1 },
        { name: 'never begun', status: 'skipped', attempts: 0 },
      ],
    });
    expect(run.durationMs).toBeLessThan(3_000);
  });

  it('K8: tells of what it could not look at once, and does not try it in runs of its own', async () => {
    const refused = world.scenario('refused', { name: 'x', url: 'http://169.254.169.254/latest' });
    const due = await world.publishDue([refused]);
    expect(await world.waitForEnd(due)).toMatchObject({
      status: 'error',
      error: { code: 'address_refused' },
    });
    await world.queueIsEmpty();
    expect(await world.completedOf(due)).toHaveLength(1);
  });

  it('ends a run that is cancelled at once', async () => {
    await world.target.set('hang');
    const before = world.target.requests.length;
    const due = await world.publishDue([world.scenario('slow'), world.scenario('never begun')]);
    await world.targetIsAsked(1, before);
    const startedAt = performance.now();
    world.cancel(due);
    expect(await world.waitForEnd(due)).toMatchObject({
      status: 'cancelled',
      tests: [{ status: 'cancelled' }, { status: 'skipped' }],
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('does not begin a run that was cancelled before', async () => {
    world.told.answers = 'cancelled';
    const due = await world.publishDue([world.scenario('x')]);
    expect(await world.waitForEnd(due)).toMatchObject({ status: 'cancelled', tests: [] });
    expect((await world.events()).map(({ type }) => type)).toEqual(['RunCompleted']);
  });

  it('puts a run off while the api cannot be asked, and makes it when it can', async () => {
    world.told.answers = 'unavailable';
    const before = world.told.asked;
    const due = await world.publishDue([world.scenario('x')]);
    await vi.waitFor(() => expect(world.told.asked).toBeGreaterThan(before), SOON);
    world.told.answers = 'material';
    expect(await world.waitForEnd(due)).toMatchObject({ status: 'passed' });
    expect(await metrics()).toMatch(/tocsin_runs_postponed_total\{.*\} [1-9]/);
  });

  it('does not begin a run that nobody took for an hour', async () => {
    const due = await world.publishDue([world.scenario('x')], {}, Date.now() - 61 * 60_000);
    expect(await world.waitForEnd(due)).toMatchObject({ status: 'error', error: { code: 'not_taken' } });
  });

  it('does not run scripts unless it is told to', async () => {
    const due = await world.publishDue([world.script('script', 'process.exit()')]);
    expect(await world.waitForEnd(due)).toMatchObject({ status: 'error', error: { code: 'scripts_off' } });
  });

  it('makes the test of a synthetic monitor as its check', async () => {
    const monitorId = newId();
    await world.publish({
      type: 'CheckDue',
      id: newId(),
      source: 'tocsin/scheduler',
      time: toInstant(Date.now()),
      natsSubject: subjects.checkDue('local', 'synthetic_test', monitorId),
      entityId: monitorId,
      data: {
        monitorId,
        project: 'default',
        kind: 'synthetic_test',
        slot: '2026-01-01T00:00:00.000Z',
        location: 'local',
        target: '',
        config: { testId: world.scenario('shop') },
        configRevision: 1,
        trigger: 'schedule',
      },
    });
    await vi.waitFor(
      async () =>
        expect(await world.events()).toMatchObject([
          { type: 'CheckCompleted', data: { outcome: 'up', observed: { testRevision: 3 } } },
        ]),
      SOON,
    );
  });

  it('holds up no run by those that wait: each is begun in its turn and none is lost', async () => {
    // Together longer than the queue waits for an answer, each by itself not.
    await world.target.set('slow');
    const slow = world.scenario('slow');
    const dues = await Promise.all(Array.from({ length: 5 }, () => world.publishDue([slow])));
    for (const due of dues) expect(await world.waitForEnd(due)).toMatchObject({ status: 'passed' });
    await world.queueIsEmpty();
  });
});
