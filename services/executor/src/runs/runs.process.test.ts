import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { createArtifactStore } from '@tocsin/artifacts';
import {
  type LoggedEvent,
  NATS_PERMISSIONS,
  requests,
  runnerConsumer,
  type ServiceName,
  subjects,
} from '@tocsin/contracts';
import { createJetStreamLog, decodeStored, type EventLog } from '@tocsin/event-log';
import { derivedId, newId, toInstant } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import type { RunDue } from '@tocsin/monitoring';
import { connectNats, createLogger, type NatsHandle, natsConnectionOptions } from '@tocsin/service-kit';
import { createStreams, freshNats, type HttpTarget, startHttpTarget } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

/** What the supervisor starts: the built service, with the identity and the permissions of production. */

const SOON = { timeout: 20_000, interval: 20 };
const SECRET = 'c4n4ry-0f-the-project';
const password = 'x'.repeat(16);
const services: ServiceName[] = ['executor', 'api', 'scheduler'];

let nats: Awaited<ReturnType<typeof freshNats>>;
let admin: NatsConnection;
let log: EventLog;
let api: NatsConnection;
let scheduler: NatsConnection;
let target: HttpTarget;
const handles: NatsHandle[] = [];
const executors = new Set<ChildProcess>();

/** What the api knows. */
const tests = new Map<string, { name: string; kind: string; definition: unknown }>();
let answers: 'material' | 'cancelled' | 'unavailable' = 'material';
let asked = 0;

const as = async (name: ServiceName) => {
  const handle = connectNats({ url: nats.urlFor({ name, password }), name });
  handles.push(handle);
  await handle.connection();
  return handle;
};

beforeAll(async () => {
  nats = await freshNats(services.map((name) => ({ name, password, ...NATS_PERMISSIONS[name] })));
  // What a killed executor had taken comes back after this long.
  await createStreams(nats.url, 3_000);
  const handle = connectNats({ url: nats.url, name: 'admin' });
  handles.push(handle);
  admin = await handle.connection();
  log = createJetStreamLog({ nats: handle, logger: createLogger({ name: 'test', level: 'silent' }) });
  const connected = (name: ServiceName) =>
    connect(natsConnectionOptions(nats.urlFor({ name, password }), name));
  api = await connected('api');
  scheduler = await connected('scheduler');
  api.subscribe(requests.testMaterial, {
    callback: (_, message) => {
      asked += 1;
      message.respond(JSON.stringify(answerTo(message.json<{ testId: string }>().testId)));
    },
  });
  target = await startHttpTarget({ slowMs: 1_300 });
});

function answerTo(testId: string): unknown {
  const test = tests.get(testId);
  if (answers !== 'material') return { error: { code: answers, message: 'not now' } };
  if (test === undefined) return { error: { code: 'not_found', message: 'there is no such test' } };
  return {
    test: { id: testId, revision: 3, ...test },
    variables: { BASE: target.url },
    secrets: { KEY: SECRET },
  };
}

afterAll(async () => {
  await Promise.all([...executors].map((child) => end(child, 'SIGKILL')));
  await target.stop();
  await Promise.all([api.close(), scheduler.close(), ...handles.map((handle) => handle.close())]);
  await nats.remove();
});

async function reset(): Promise<void> {
  answers = 'material';
  await target.set('up');
  const jsm = await jetstreamManager(admin);
  for (const stream of ['CHECKS', 'RESULTS', 'OUTPUT']) await jsm.streams.purge(stream);
}
beforeEach(reset);

async function start(env: Record<string, string> = {}) {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../dist/main.js', import.meta.url))], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      NATS_URL: nats.urlFor({ name: 'executor', password }),
      HTTP_PORT: String(port),
      TOCSIN_EGRESS_ALLOW: '127.0.0.0/8',
      ...env,
    },
  });
  executors.add(child);
  await vi.waitFor(
    async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200),
    SOON,
  );
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

const look = (more: object = {}) => ({
  name: 'look',
  url: '{{BASE}}/',
  headers: { 'x-key': '{{KEY}}' },
  ...more,
});

function testOf(name: string, ...steps: object[]): string {
  const id = newId();
  tests.set(id, { name, kind: 'api', definition: { steps: steps.length === 0 ? [look()] : steps } });
  return id;
}

async function publishDue(
  of: readonly string[],
  more: Partial<RunDue> = {},
  time = Date.now(),
): Promise<RunDue> {
  const due: RunDue = {
    jobId: newId(),
    project: 'default',
    runId: newId(),
    slot: toInstant(time),
    location: 'local',
    trigger: 'manual',
    tests: of,
    timeoutSeconds: 60,
    retries: 0,
    configRevision: 1,
    ...more,
  };
  await log.publish({
    type: 'RunDue',
    id: derivedId('run-due', due.runId),
    source: 'tocsin/scheduler',
    time: toInstant(time),
    natsSubject: subjects.runDue(due.location, due.runId),
    entityId: due.jobId,
    data: due,
  });
  return due;
}

async function events(): Promise<LoggedEvent[]> {
  const { firstSequence, lastSequence } = await log.describe('RESULTS');
  const found: LoggedEvent[] = [];
  for (let sequence = firstSequence; sequence <= lastSequence; sequence++) {
    const message = await log.messageAt('RESULTS', sequence);
    if (message !== undefined) found.push(decodeStored(message));
  }
  return found;
}
const completedOf = async ({ runId }: RunDue) =>
  (await events()).flatMap((event) =>
    event.type === 'RunCompleted' && event.data.runId === runId ? [event] : [],
  );
const waitForEnd = (due: RunDue) =>
  vi.waitFor(async () => {
    const [event] = await completedOf(due);
    if (event === undefined) throw new Error('the run is not over');
    return event.data;
  }, SOON);
const queueIsEmpty = async () => {
  const { state } = await (await jetstreamManager(admin)).streams.info('CHECKS');
  expect(state.messages).toBe(0);
};
const targetIsAsked = (times: number, before: number) =>
  vi.waitFor(() => expect(target.requests.length - before).toBe(times), SOON);

interface Chunk {
  at: string;
  testId: string | null;
  source: string;
  text: string;
}
async function outputOf({ project, runId }: RunDue): Promise<Chunk[]> {
  const consumer = await jetstream(admin).consumers.get('OUTPUT', {
    filter_subjects: subjects.output(project, runId),
  });
  const chunks: Chunk[] = [];
  for await (const message of await consumer.fetch({ max_messages: 1_000, expires: 1_000 })) {
    chunks.push(message.json());
    if (message.info.pending === 0) break;
  }
  return chunks;
}

describe('an executor that runs', () => {
  let metrics: () => Promise<string>;
  beforeAll(async () => {
    ({ metrics } = await start());
  });
  afterAll(async () => {
    await Promise.all([...executors].map((child) => end(child, 'SIGTERM')));
  });

  it('makes the tests of a run in order, and tells of its beginning and its end', async () => {
    const due = await publishDue([testOf('first'), testOf('second')]);
    const run = await waitForEnd(due);
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
    const [started, ended] = await events();
    expect(started).toMatchObject({
      type: 'RunStarted',
      id: derivedId('run-started', due.runId),
      natsSubject: subjects.result('default', 'job', due.jobId),
      data: { startedAt: run.startedAt, location: 'local' },
    });
    const { deadlineAt } = (started as LoggedEvent<'RunStarted'>).data;
    expect(Date.parse(deadlineAt) - Date.parse(run.startedAt)).toBe(60_000);
    expect(ended?.id).toBe(derivedId('run-completed', due.runId));
    await vi.waitFor(queueIsEmpty, SOON);
    expect(await metrics()).toMatch(/tocsin_runs_total\{status="passed",.*\} 1/);
  });

  it('says what happens while it happens, keeps it, and shows no secret', async () => {
    const due = await publishDue([
      testOf(
        'leaky',
        look({ url: '{{BASE}}/?{{KEY}}', assert: [{ that: 'body', is: 'containing', value: '{{KEY}}' }] }),
      ),
    ]);
    const run = await waitForEnd(due);
    expect(target.requests.at(-1)?.headers['x-key']).toBe(SECRET);
    const chunks = await vi.waitFor(async () => {
      const found = await outputOf(due);
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
    const store = createArtifactStore({ TOCSIN_S3_REGION: 'x' }, { nats: await as('api') });
    const kept = await store.get(`default/${due.runId}/${testId}/console.txt`);
    let text = '';
    for await (const piece of kept?.stream() ?? []) text += Buffer.from(piece).toString();
    expect(text).toContain('✗ step 1 of 1 "look": the body does not have "********" in it');
    expect(run.error?.message).toContain('leaky: step 1 of 1');
    expect(JSON.stringify([chunks, await events(), text, await metrics()])).not.toContain(SECRET);
  });

  it('makes all tests whatever the others found, and tries again those that did not pass', async () => {
    const before = target.requests.length;
    const failing = testOf('failing', look({ assert: [{ that: 'status', is: '404' }] }));
    const due = await publishDue([failing, newId(), testOf('passing')], { retries: 2 });
    const run = await waitForEnd(due);
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
    expect(target.requests.length - before).toBe(4);
    expect(run.artifacts.map(({ name }) => name)).toEqual([
      `${failing}/attempt-1/console.txt`,
      `${failing}/attempt-2/console.txt`,
      `${failing}/console.txt`,
      `${due.tests[2]}/console.txt`,
    ]);
  });

  it('K6: ends a run whose job takes too long as a timeout, and skips what is left', async () => {
    await target.set('hang');
    const due = await publishDue([testOf('slow'), testOf('never begun')], { timeoutSeconds: 1, retries: 2 });
    const run = await waitForEnd(due);
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
    const refused = testOf('refused', { name: 'x', url: 'http://169.254.169.254/latest' });
    const due = await publishDue([refused]);
    expect(await waitForEnd(due)).toMatchObject({ status: 'error', error: { code: 'address_refused' } });
    await vi.waitFor(queueIsEmpty, SOON);
    expect(await completedOf(due)).toHaveLength(1);
  });

  it('ends a run that is cancelled at once', async () => {
    await target.set('hang');
    const before = target.requests.length;
    const due = await publishDue([testOf('slow'), testOf('never begun')]);
    await targetIsAsked(1, before);
    const startedAt = performance.now();
    scheduler.publish(requests.cancelRun('local'), JSON.stringify({ runId: due.runId }));
    expect(await waitForEnd(due)).toMatchObject({
      status: 'cancelled',
      tests: [{ status: 'cancelled' }, { status: 'skipped' }],
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('does not begin a run that was cancelled before', async () => {
    answers = 'cancelled';
    const due = await publishDue([testOf('x')]);
    expect(await waitForEnd(due)).toMatchObject({ status: 'cancelled', tests: [] });
    expect((await events()).map(({ type }) => type)).toEqual(['RunCompleted']);
  });

  it('puts a run off while the api cannot be asked, and makes it when it can', async () => {
    answers = 'unavailable';
    const before = asked;
    const due = await publishDue([testOf('x')]);
    await vi.waitFor(() => expect(asked).toBeGreaterThan(before), SOON);
    answers = 'material';
    expect(await waitForEnd(due)).toMatchObject({ status: 'passed' });
    expect(await metrics()).toMatch(/tocsin_runs_postponed_total\{.*\} [1-9]/);
  });

  it('does not begin a run that nobody took for an hour', async () => {
    const due = await publishDue([testOf('x')], {}, Date.now() - 61 * 60_000);
    expect(await waitForEnd(due)).toMatchObject({ status: 'error', error: { code: 'not_taken' } });
  });

  it('does not run scripts unless it is told to', async () => {
    const id = newId();
    tests.set(id, { name: 'script', kind: 'browser', definition: { script: 'process.exit()' } });
    const due = await publishDue([id]);
    expect(await waitForEnd(due)).toMatchObject({ status: 'error', error: { code: 'scripts_off' } });
  });

  it('holds up no run by those that wait: each is begun in its turn and none is lost', async () => {
    // Together longer than the queue waits for an answer, each by itself not.
    await target.set('slow');
    const slow = testOf('slow');
    const dues = await Promise.all(Array.from({ length: 5 }, () => publishDue([slow])));
    for (const due of dues) expect(await waitForEnd(due)).toMatchObject({ status: 'passed' });
    await vi.waitFor(queueIsEmpty, SOON);
  });
});

describe('an executor', () => {
  afterEach(async () => {
    await Promise.all([...executors].map((child) => end(child, 'SIGKILL')));
    await reset();
  });

  it('that is killed in the middle of a run leaves it to the next, which ends it and goes on', async () => {
    await target.set('hang');
    const before = target.requests.length;
    const { child } = await start({ TOCSIN_RUN_CONCURRENCY: '1' });
    const due = await publishDue([testOf('slow')]);
    await targetIsAsked(1, before);
    const waiting = await publishDue([testOf('waiting')]);
    await end(child, 'SIGKILL');
    await target.set('up');
    await start();
    expect(await waitForEnd(due)).toMatchObject({
      status: 'error',
      error: { code: 'executor_lost', message: expect.stringContaining('the executor that ran it ended') },
    });
    expect(await waitForEnd(waiting)).toMatchObject({ status: 'passed' });
    expect(target.requests.length - before).toBe(2);
    await vi.waitFor(queueIsEmpty, SOON);
  });

  it('makes a run that was handed out before and begun by nobody', async () => {
    const due = await publishDue([testOf('x')]);
    const consumer = await jetstream(admin).consumers.get('CHECKS', runnerConsumer('local'));
    for (let delivery = 1; delivery <= 3; delivery++) (await consumer.next())?.nak();
    await start();
    expect(await waitForEnd(due)).toMatchObject({ status: 'passed' });
  });

  it('that is told to stop ends its runs in time and says so', async () => {
    await target.set('hang');
    const before = target.requests.length;
    const { child } = await start();
    const due = await publishDue([testOf('slow'), testOf('never begun')]);
    await targetIsAsked(1, before);
    const startedAt = performance.now();
    expect(await end(child, 'SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const [event] = await completedOf(due);
    expect(event?.data).toMatchObject({
      status: 'error',
      error: { code: 'executor_stopped' },
      tests: [{ status: 'error' }, { status: 'skipped' }],
    });
    await queueIsEmpty();
  });
});
