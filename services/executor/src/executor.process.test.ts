import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { executorConsumer, type LoggedEvent, NATS_PERMISSIONS, requests, subjects } from '@tocsin/contracts';
import { createJetStreamLog, decodeStored, type EventLog } from '@tocsin/event-log';
import { derivedId, newId } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import type { CheckDue } from '@tocsin/monitoring';
import { connectNats, createLogger, type NatsHandle, natsConnectionOptions } from '@tocsin/service-kit';
import { createStreams, freshNats, startFaultProxy, startHttpTarget } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

/** What the supervisor starts: the built service, with the identity and the permissions of production. */

const SOON = { timeout: 15_000, interval: 20 };
const SLOT = '2026-01-01T00:00:00.000Z';
const password = 'x'.repeat(16);
const users = (['executor', 'api', 'scheduler'] as const).map((name) => ({
  name,
  password,
  ...NATS_PERMISSIONS[name],
}));

let nats: Awaited<ReturnType<typeof freshNats>>;
let admin: NatsConnection;
let handle: NatsHandle;
let log: EventLog;
let api: NatsConnection;
let target: Awaited<ReturnType<typeof startHttpTarget>>;
const executors = new Set<ChildProcess>();

beforeAll(async () => {
  nats = await freshNats(users);
  // A killed executor's work comes back after this long.
  await createStreams(nats.url, 1_000);
  handle = connectNats({ url: nats.url, name: 'admin' });
  admin = await handle.connection();
  log = createJetStreamLog({ nats: handle, logger: createLogger({ name: 'test', level: 'silent' }) });
  api = await connect(natsConnectionOptions(nats.urlFor({ name: 'api', password }), 'api'));
  target = await startHttpTarget();
});
afterAll(async () => {
  await Promise.all([...executors].map((child) => end(child, 'SIGKILL')));
  await target.stop();
  await api.close();
  await handle.close();
  await nats.remove();
});
async function reset(): Promise<void> {
  await target.set('up');
  const jsm = await jetstreamManager(admin);
  await jsm.streams.purge('CHECKS');
  await jsm.streams.purge('RESULTS');
}
beforeEach(reset);

async function start(url = nats.urlFor({ name: 'executor', password }), env = {}) {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      NATS_URL: url,
      HTTP_PORT: String(port),
      TOCSIN_EGRESS_ALLOW: '127.0.0.0/8',
      TOCSIN_OWN_ENDPOINTS: `127.0.0.1:${nats.port}`,
      ...env,
    },
  });
  executors.add(child);
  const ready = async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  await vi.waitFor(ready, SOON);
  return { child, metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text() };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  executors.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

async function publishDue(more: Partial<CheckDue> = {}, traceparent?: string): Promise<CheckDue> {
  const due: CheckDue = {
    monitorId: newId(),
    project: 'default',
    kind: 'http_request',
    slot: SLOT,
    location: 'local',
    target: `${target.url}/`,
    config: {},
    configRevision: 1,
    trigger: 'schedule',
    ...more,
  };
  await log.publish({
    type: 'CheckDue',
    id: derivedId('due', due.monitorId, due.slot, due.location),
    source: 'tocsin/scheduler',
    time: due.slot,
    natsSubject: subjects.checkDue(due.location, due.kind, due.monitorId),
    entityId: due.monitorId,
    data: due,
    traceparent,
  });
  return due;
}

async function results(): Promise<LoggedEvent[]> {
  const { firstSequence, lastSequence } = await log.describe('RESULTS');
  const found: LoggedEvent[] = [];
  for (let sequence = firstSequence; sequence <= lastSequence; sequence++) {
    const message = await log.messageAt('RESULTS', sequence);
    if (message !== undefined) found.push(decodeStored(message));
  }
  return found;
}
const waitForResults = (count: number) =>
  vi.waitFor(async () => {
    const found = await results();
    expect(found).toHaveLength(count);
    return found;
  }, SOON);
const workLeft = async () => (await (await jetstreamManager(admin)).streams.info('CHECKS')).state.messages;
const targetIsAsked = (times: number, before: number) =>
  vi.waitFor(() => expect(target.requests.length - before).toBe(times), SOON);

describe('an executor', () => {
  afterEach(async () => {
    await Promise.all([...executors].map((child) => end(child, 'SIGKILL')));
    // What they left would be the next one's work.
    await reset();
  });

  it('that is killed in the middle of a check has it made by the next, as the same event', async () => {
    const before = target.requests.length;
    await target.set('hang');
    const { child } = await start();
    const due = await publishDue();
    await targetIsAsked(1, before);
    await end(child, 'SIGKILL');
    await target.set('up');
    await start();
    const [event] = await waitForResults(1);
    expect(event).toMatchObject({
      id: derivedId('check', due.monitorId, SLOT, 'local'),
      data: { outcome: 'up' },
    });
    expect(target.requests.length - before).toBe(2);
    await vi.waitFor(async () => expect(await workLeft()).toBe(0), SOON);
  });

  it('that is told to stop reports what it is at first', async () => {
    const before = target.requests.length;
    await target.set('hang');
    const { child } = await start();
    await publishDue({ config: { timeoutSeconds: 1 } });
    await targetIsAsked(1, before);
    expect(await end(child, 'SIGTERM')).toBe(0);
    expect(await results()).toMatchObject([{ data: { outcome: 'down', error: { code: 'timeout' } } }]);
    expect(await workLeft()).toBe(0);
  });

  it('does not run what was handed out three times without an answer', async () => {
    const before = target.requests.length;
    const due = await publishDue();
    const consumer = await jetstream(admin).consumers.get('CHECKS', executorConsumer('local'));
    for (let delivery = 1; delivery <= 3; delivery++) (await consumer.next())?.nak();
    await start();
    expect(await waitForResults(1)).toMatchObject([
      { entityId: due.monitorId, data: { outcome: 'error', error: { code: 'quarantined' } } },
    ]);
    expect(target.requests.length).toBe(before);
  });

  it('publishes a result that NATS was away for, once', async () => {
    const before = target.requests.length;
    await target.set('hang');
    const proxy = await startFaultProxy({ host: '127.0.0.1', port: nats.port });
    try {
      const { metrics } = await start(`nats://executor:${password}@127.0.0.1:${proxy.port}`);
      const due = await publishDue({ config: { timeoutSeconds: 1 } });
      await targetIsAsked(1, before);
      proxy.down();
      const ended = 'tocsin_checks_total{kind="http_request",outcome="down"';
      await vi.waitFor(async () => expect(await metrics()).toContain(ended), SOON);
      expect(await results()).toHaveLength(0);
      proxy.up();
      const found = await waitForResults(1);
      expect(found[0]?.id).toBe(derivedId('check', due.monitorId, SLOT, 'local'));
      await vi.waitFor(async () => expect(await workLeft()).toBe(0), SOON);
      expect(await results()).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  it('K17: hundreds of stalled checks with 30 s timeouts hold up nobody', async () => {
    const before = target.requests.length;
    await target.set('hang');
    await start();
    const config = { timeoutSeconds: 30 };
    await Promise.all(Array.from({ length: 300 }, () => publishDue({ config })));
    await targetIsAsked(300, before);
    const quick = await startHttpTarget();
    try {
      const startedAt = performance.now();
      const due = { target: `${quick.url}/` };
      await Promise.all(Array.from({ length: 300 }, () => publishDue(due)));
      const jsm = await jetstreamManager(admin);
      const made = async () => (await jsm.streams.info('RESULTS')).state.messages;
      await vi.waitFor(async () => expect(await made()).toBe(300), SOON);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    } finally {
      await quick.stop();
    }
  });
});

describe('an executor that runs', () => {
  let metrics: () => Promise<string>;
  beforeAll(async () => {
    ({ metrics } = await start());
  });

  it('reports what it found, once, under the id of the slot, with the trace it belongs to', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const due = await publishDue({}, traceparent);
    const [event] = await waitForResults(1);
    expect(event).toMatchObject({
      type: 'CheckCompleted',
      id: derivedId('check', due.monitorId, SLOT, 'local'),
      source: 'tocsin/executor',
      natsSubject: subjects.result('default', 'monitor', due.monitorId),
      entityId: due.monitorId,
      traceparent,
      data: { outcome: 'up', slot: SLOT, trigger: 'schedule', configRevision: 1 },
    });
    await vi.waitFor(async () => expect(await workLeft()).toBe(0), SOON);
  });

  it('goes on after work that is no event', async () => {
    await jetstream(admin).publish(subjects.checkDue('local', 'http_request', 'x'), 'not an event');
    await publishDue();
    await waitForResults(1);
    await vi.waitFor(async () => expect(await workLeft()).toBe(0), SOON);
    expect(await metrics()).toContain('tocsin_checks_total{kind="http_request",outcome="up"');
  });

  it('puts a check off until the secret of its monitor can be had', async () => {
    await publishDue({ config: { auth: { type: 'bearer' } }, secretVersion: 1 });
    const postponed = /tocsin_checks_postponed_total\{[^}]*\} [1-9]/;
    await vi.waitFor(async () => expect(await metrics()).toMatch(postponed), SOON);
    const subscription = api.subscribe(requests.monitorSecret, {
      callback: (_, message) => {
        message.respond(JSON.stringify({ secret: { auth: { token: 'c4n4ry' } } }));
      },
    });
    const found = await waitForResults(1);
    subscription.unsubscribe();
    expect(found).toMatchObject([{ data: { outcome: 'up' } }]);
    expect(target.requests.at(-1)?.headers.authorization).toBe('Bearer c4n4ry');
    expect(JSON.stringify(found)).not.toContain('c4n4ry');
  });

  it('answers a test check to the asker and records nothing', async () => {
    const due = await publishDue();
    await waitForResults(1);
    const asked = JSON.stringify({ ...due, trigger: 'manual' });
    const answer = await api.request(requests.testCheck('local'), asked, { timeout: 5_000 });
    expect(answer.json()).toMatchObject({ result: { outcome: 'up', observed: { statusCode: 200 } } });
    expect(await results()).toHaveLength(1);
  });
});
