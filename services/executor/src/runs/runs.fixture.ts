import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createArtifactStore } from '@tocsin/artifacts';
import {
  type LoggedEvent,
  NATS_PERMISSIONS,
  type NewEvent,
  requests,
  type ServiceName,
  subjects,
} from '@tocsin/contracts';
import { createJetStreamLog, decodeStored } from '@tocsin/event-log';
import { derivedId, newId, toInstant } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import type { RunCompleted, RunDue } from '@tocsin/monitoring';
import { connectNats, createLogger, natsConnectionOptions } from '@tocsin/service-kit';
import { createStreams, freshNats, startHttpTarget } from '@tocsin/testing';

/** What the supervisor starts, the built service with its identity of production, amid what it talks to. */

export const SOON = { timeout: 20_000, interval: 20 };

/** Asks until there is an answer. */
async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  withinMs = SOON.timeout,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await delay(SOON.interval);
  }
}

export const SECRET = 'c4n4ry-0f-the-project';
const password = 'x'.repeat(16);
const services: ServiceName[] = ['executor', 'api', 'scheduler'];

export interface Chunk {
  readonly at: string;
  readonly testId: string | null;
  readonly source: string;
  readonly text: string;
}

export type RunWorld = Awaited<ReturnType<typeof createRunWorld>>;

export async function createRunWorld() {
  const nats = await freshNats(services.map((name) => ({ name, password, ...NATS_PERMISSIONS[name] })));
  // What a killed executor had taken comes back after this long.
  await createStreams(nats.url, 3_000);
  const adminHandle = connectNats({ url: nats.url, name: 'admin' });
  const apiHandle = connectNats({ url: nats.urlFor({ name: 'api', password }), name: 'api' });
  const admin = await adminHandle.connection();
  const api = await apiHandle.connection();
  const scheduler = await connect(
    natsConnectionOptions(nats.urlFor({ name: 'scheduler', password }), 'scheduler'),
  );
  const jsm = await jetstreamManager(admin);
  const log = createJetStreamLog({
    nats: adminHandle,
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  const target = await startHttpTarget({ slowMs: 1_300 });
  const executors = new Set<ChildProcess>();

  /** What the api knows, and whether it says so. */
  const tests = new Map<string, { name: string; kind: string; definition: unknown }>();
  const told: { answers: 'material' | 'cancelled' | 'unavailable'; asked: number } = {
    answers: 'material',
    asked: 0,
  };
  const answerTo = (testId: string): unknown => {
    const test = tests.get(testId);
    if (told.answers !== 'material') return { error: { code: told.answers, message: 'not now' } };
    if (test === undefined) return { error: { code: 'not_found', message: 'there is no such test' } };
    const variables = { BASE: target.url };
    return { test: { id: testId, revision: 3, ...test }, variables, secrets: { KEY: SECRET } };
  };
  api.subscribe(requests.testMaterial, {
    callback: (_, message) => {
      told.asked += 1;
      message.respond(JSON.stringify(answerTo(message.json<{ testId: string }>().testId)));
    },
  });

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
    const url = `http://127.0.0.1:${port}`;
    await eventually('an executor is ready', async () => {
      const answer = await fetch(`${url}/readyz`).catch(() => undefined);
      return answer?.ok === true ? true : undefined;
    });
    return { child, metrics: async () => (await fetch(`${url}/metrics`)).text() };
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    executors.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
  const endAll = async (signal: NodeJS.Signals) => {
    await Promise.all([...executors].map((child) => end(child, signal)));
  };

  const publish = async (event: NewEvent) => void (await log.publish(event));

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
    await publish({
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
    for (let sequence = Math.max(1, firstSequence); sequence <= lastSequence; sequence++) {
      const message = await log.messageAt('RESULTS', sequence);
      if (message !== undefined) found.push(decodeStored(message));
    }
    return found;
  }
  const completedOf = async ({ runId }: RunDue): Promise<RunCompleted[]> =>
    (await events()).flatMap((event) =>
      event.type === 'RunCompleted' && event.data.runId === runId ? [event.data] : [],
    );

  const look = (more: object = {}) => ({
    name: 'look',
    url: '{{BASE}}/',
    headers: { 'x-key': '{{KEY}}' },
    ...more,
  });
  function testOf(name: string, kind: string, definition: unknown): string {
    const id = newId();
    tests.set(id, { name, kind, definition });
    return id;
  }

  return {
    nats,
    target,
    told,
    admin,
    urlThrough: (port: number) => `nats://executor:${password}@127.0.0.1:${port}`,
    start,
    end,
    endAll,
    publish,
    publishDue,
    events,
    completedOf,
    look,
    scenario: (name: string, ...steps: object[]) =>
      testOf(name, 'api', { steps: steps.length === 0 ? [look()] : steps }),
    script: (name: string, script: string) => testOf(name, 'browser', { script }),
    cancel: ({ runId }: RunDue) => scheduler.publish(requests.cancelRun('local'), JSON.stringify({ runId })),
    waitForEnd: (due: RunDue, withinMs?: number): Promise<RunCompleted> =>
      eventually('the run is over', async () => (await completedOf(due))[0], withinMs),
    queueIsEmpty: () =>
      eventually('the queue is empty', async () => {
        const { state } = await jsm.streams.info('CHECKS');
        return state.messages === 0 ? true : undefined;
      }),
    targetIsAsked: (times: number, before: number) =>
      eventually('the site is asked', () =>
        Promise.resolve(target.requests.length - before === times ? true : undefined),
      ),
    async outputOf({ project, runId }: RunDue): Promise<Chunk[]> {
      const consumer = await jetstream(admin).consumers.get('OUTPUT', {
        filter_subjects: subjects.output(project, runId),
      });
      const chunks: Chunk[] = [];
      for await (const message of await consumer.fetch({ max_messages: 1_000, expires: 1_000 })) {
        chunks.push(message.json());
        if (message.info.pending === 0) break;
      }
      return chunks;
    },
    /** as the api reads it; undefined when it is not kept */
    async artifact({ project, runId }: RunDue, name: string): Promise<Buffer | undefined> {
      const store = createArtifactStore({ TOCSIN_S3_REGION: 'x' }, { nats: apiHandle });
      const kept = await store.get(`${project}/${runId}/${name}`);
      if (kept === undefined) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const piece of kept.stream()) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    async reset(): Promise<void> {
      told.answers = 'material';
      await target.set('up');
      for (const stream of ['CHECKS', 'RESULTS', 'OUTPUT']) await jsm.streams.purge(stream);
    },
    async close(): Promise<void> {
      await endAll('SIGKILL');
      await target.stop();
      await Promise.all([scheduler.close(), apiHandle.close(), adminHandle.close()]);
      await nats.remove();
    },
  };
}
