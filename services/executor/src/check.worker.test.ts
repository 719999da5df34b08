import type { LoggedEvent, NewEvent } from '@tocsin/contracts';
import type { WorkContext } from '@tocsin/event-log';
import { PermanentError } from '@tocsin/kernel';
import type { CheckDue, CheckError } from '@tocsin/monitoring';
import { createMetrics } from '@tocsin/service-kit';
import { describe, expect, it } from 'vitest';
import { createCheckMetrics } from './check.metrics.js';
import { type CheckWorkerDeps, createCheckWorker } from './check.worker.js';
import type { SecretAnswer } from './monitor-secrets.request.js';
import { unmadeCheck } from './unmade-check.js';

const due: CheckDue = {
  monitorId: '0198b1f4-0000-7000-8000-000000000001',
  project: 'default',
  kind: 'http_request',
  slot: '2026-01-01T00:00:00.000Z',
  location: 'local',
  target: 'http://127.0.0.1/',
  config: {},
  configRevision: 1,
  trigger: 'schedule',
};
const found: CheckError = { code: 'found', message: 'what the probe found' };

function worker(more: Partial<CheckWorkerDeps> = {}) {
  const published: NewEvent[] = [];
  let runs = 0;
  const work = createCheckWorker({
    log: {
      publish: (event) => {
        published.push(event);
        return Promise.resolve({ sequence: published.length, duplicate: false });
      },
    },
    secrets: { of: () => Promise.resolve('missing') },
    run: (asked) => {
      runs += 1;
      return Promise.resolve(unmadeCheck(asked, found, 0));
    },
    metrics: createCheckMetrics(createMetrics('test')),
    now: () => 0,
    ...more,
  });
  /** @returns how long it was put off, milliseconds */
  const deliver = async (deliveryCount: number, check: Partial<CheckDue> = {}) => {
    let after: number | undefined;
    const event: LoggedEvent<'CheckDue'> = {
      type: 'CheckDue',
      id: 'due-1',
      source: 'tocsin/scheduler',
      time: due.slot,
      natsSubject: 'check.due.local.http_request.x',
      entityId: due.monitorId,
      sequence: 1,
      data: { ...due, ...check },
    };
    const context: WorkContext = {
      event,
      deliveryCount,
      retryAfter: (delayMs) => {
        after = delayMs;
      },
    };
    await work(context);
    return after;
  };
  const codes = () =>
    published.map((event) => (event.type === 'CheckCompleted' ? event.data.error?.code : undefined));
  return { deliver, published, codes, runs: () => runs };
}

describe('the work of an executor', () => {
  it('has the same event id however often it is done', async () => {
    const { deliver, published } = worker();
    await deliver(1);
    await deliver(2);
    expect(published).toHaveLength(2);
    expect(published[0]?.id).toBe(published[1]?.id);
  });
  it('is not done before its result is in the log', async () => {
    const publish = () => Promise.reject(new PermanentError('refused_by_log', 'too large'));
    await expect(worker({ log: { publish } }).deliver(1)).rejects.toThrow('too large');
  });
  it.each([
    [1, 'found'],
    [3, 'found'],
    [4, 'quarantined'],
    [9, 'quarantined'],
  ])('on delivery %i is %s', async (deliveryCount, code) => {
    const { deliver, codes, runs } = worker();
    await deliver(deliveryCount);
    expect(codes()).toEqual([code]);
    expect(runs()).toBe(code === 'found' ? 1 : 0);
  });
  it('that was put off many times for want of a secret is no sign of a crash', async () => {
    let answer: SecretAnswer = 'unavailable';
    const { deliver, codes, runs } = worker({ secrets: { of: () => Promise.resolve(answer) } });
    for (let delivery = 1; delivery <= 10; delivery++)
      expect(await deliver(delivery, { secretVersion: 1 })).toBe(1_000);
    expect(runs()).toBe(0);
    answer = { auth: { token: 's3cret' } };
    expect(await deliver(11, { secretVersion: 1 })).toBeUndefined();
    expect(codes()).toEqual(['found']);
  });
  it('without its secret for good is an error that says what to do', async () => {
    const { deliver, codes, runs } = worker();
    await deliver(1, { secretVersion: 1 });
    expect(codes()).toEqual(['secret_missing']);
    expect(runs()).toBe(0);
  });
});
