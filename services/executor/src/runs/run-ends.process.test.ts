import { setTimeout as delay } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { runnerConsumer } from '@tocsin/contracts';
import { startFaultProxy } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRunWorld, type RunWorld } from './runs.fixture.js';

let world: RunWorld;
beforeAll(async () => {
  world = await createRunWorld();
});
afterAll(() => world.close());

describe('an executor', () => {
  afterEach(async () => {
    await world.endAll('SIGKILL');
    await world.reset();
  });

  it('that is killed in the middle of a run leaves it to the next, which ends it and goes on', async () => {
    await world.target.set('hang');
    const before = world.target.requests.length;
    const { child } = await world.start({ TOCSIN_RUN_CONCURRENCY: '1' });
    const due = await world.publishDue([world.scenario('slow')]);
    await world.targetIsAsked(1, before);
    const waiting = await world.publishDue([world.scenario('waiting')]);
    await world.end(child, 'SIGKILL');
    await world.target.set('up');
    await world.start();
    expect(await world.waitForEnd(due)).toMatchObject({
      status: 'error',
      error: { code: 'executor_lost', message: expect.stringContaining('the executor that ran it ended') },
    });
    expect(await world.waitForEnd(waiting)).toMatchObject({ status: 'passed' });
    expect(world.target.requests.length - before).toBe(2);
    await world.queueIsEmpty();
  });

  it('makes a run that was handed out before and begun by nobody', async () => {
    const due = await world.publishDue([world.scenario('x')]);
    const consumer = await jetstream(world.admin).consumers.get('CHECKS', runnerConsumer('local'));
    for (let delivery = 1; delivery <= 3; delivery++) (await consumer.next())?.nak();
    await world.start();
    expect(await world.waitForEnd(due)).toMatchObject({ status: 'passed' });
  });

  it('that loses NATS in the middle of a run makes it to its end, and tells that once', async () => {
    const before = world.target.requests.length;
    const proxy = await startFaultProxy({ host: '127.0.0.1', port: world.nats.port });
    try {
      await world.target.set('slow');
      await world.start({ NATS_URL: world.urlThrough(proxy.port) });
      const due = await world.publishDue([world.scenario('slow'), world.scenario('slow too')]);
      await world.targetIsAsked(1, before);
      proxy.down();
      await world.targetIsAsked(2, before);
      // Longer than the queue waits: the run is handed out again, to who makes it already.
      await delay(4_000);
      expect(await world.completedOf(due)).toEqual([]);
      proxy.up();
      const run = await world.waitForEnd(due);
      expect(run).toMatchObject({ status: 'passed', tests: [{ status: 'passed' }, { status: 'passed' }] });
      await world.queueIsEmpty();
      expect(await world.completedOf(due)).toHaveLength(1);
      expect(world.target.requests.length - before).toBe(2);
    } finally {
      await proxy.close();
    }
  });

  it('that is told to stop ends its runs in time and says so', async () => {
    await world.target.set('hang');
    const before = world.target.requests.length;
    const { child } = await world.start();
    const due = await world.publishDue([world.scenario('slow'), world.scenario('never begun')]);
    await world.targetIsAsked(1, before);
    const startedAt = performance.now();
    expect(await world.end(child, 'SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const [run] = await world.completedOf(due);
    expect(run).toMatchObject({
      status: 'error',
      error: { code: 'executor_stopped' },
      tests: [{ status: 'error' }, { status: 'skipped' }],
    });
    await world.queueIsEmpty();
  });
});
