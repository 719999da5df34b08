import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type EventMap, NATS_PERMISSIONS, requests, runnerConsumer } from '@tocsin/contracts';
import { connectDatabase } from '@tocsin/database';
import { createJetStreamLog, type EventLog } from '@tocsin/event-log';
import { addMs, toInstant, toMs } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import { connectNats, createLogger, type NatsHandle, natsConnectionOptions } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../testing-stage.js';
import { cancelRequested, completed, jobConfigured, runRequested, started } from './testing-runs.js';

/** What the supervisor starts: the built service, with the identity and the permissions of production. */

const PATIENCE_MS = 30_000;
const password = 'x'.repeat(16);
const users = (['scheduler', 'executor'] as const).map((name) => ({
  name,
  password,
  ...NATS_PERMISSIONS[name],
}));

let server: Awaited<ReturnType<typeof freshNats>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let handle: NatsHandle;
let log: EventLog;
let executor: NatsConnection;
let db: Kysely<unknown>;
const schedulers = new Set<ChildProcess>();
const taken: EventMap['RunDue'][] = [];
const stops: string[] = [];

beforeAll(async () => {
  [server, database] = await Promise.all([freshNats(users), freshDatabase(inject('pgUrl'))]);
  await createStreams(server.url);
  handle = connectNats({ url: server.url, name: 'admin' });
  log = createJetStreamLog({ nats: handle, logger: createLogger({ name: 'test', level: 'silent' }) });
  db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test', onIdleError: () => undefined });
  executor = await connect(natsConnectionOptions(server.urlFor({ name: 'executor', password }), 'executor'));
  executor.subscribe(requests.cancelRun('local'), {
    callback: (_, message) => void stops.push(message.string()),
  });
  const consumer = await jetstream(executor).consumers.get('CHECKS', runnerConsumer('local'));
  await consumer.consume({
    callback: (message) => {
      taken.push(message.json());
      message.ack();
    },
  });
}, PATIENCE_MS);
afterAll(async () => {
  await Promise.all([...schedulers].map((child) => end(child, 'SIGKILL')));
  await executor.close();
  await handle.close();
  await db.destroy();
  await server.remove();
  await database.drop();
});

async function start(): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      NATS_URL: server.urlFor({ name: 'scheduler', password }),
      DATABASE_URL: database.url,
      HTTP_PORT: String(await freePort()),
      TOCSIN_RUNS_PER_PROJECT: '100',
    },
  });
  schedulers.add(child);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  schedulers.delete(child);
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const now = () => toInstant(Date.now());

describe('the service', () => {
  it('killed again and again brings every slot once: as a run, or as missed', {
    timeout: 60_000,
  }, async () => {
    let one = await start();
    let other = await start();
    const changedAt = now();
    const job = jobConfigured({ cron: '* * * * * *', allowOverlap: true, changedAt });
    // Nobody takes it, and it stays in the queue of work while those after it are taken.
    const untaken = jobConfigured({ location: 'elsewhere' });
    await log.publish(untaken);
    await log.publish(runRequested(untaken.data.jobId));
    await log.publish(job);
    for (const count of [2, 4]) {
      await until(() => taken.length >= count, PATIENCE_MS);
      await end(one, 'SIGKILL');
      [one, other] = [other, await start()];
    }
    await until(() => taken.length >= 7, PATIENCE_MS);
    await end(one, 'SIGTERM');
    await end(other, 'SIGTERM');
    const { rows } = await sql<{ data: string }>`
      select data from scheduler.run_event where type = 'RunMissed'`.execute(db);
    const missed = rows.map(({ data }) => JSON.parse(data) as EventMap['RunMissed']);
    const slots = taken.map(({ slot }) => slot);
    for (const { firstSlot, lastSlot } of missed)
      for (let slot = firstSlot; slot <= lastSlot; slot = addMs(slot, 1_000)) slots.push(slot);
    slots.sort();
    expect(new Set(slots).size).toBe(slots.length);
    const span = (toMs(slots.at(-1) ?? '') - toMs(slots[0] ?? '')) / 1_000 + 1;
    expect(slots).toHaveLength(span);
    expect(toMs(slots[0] ?? '') - toMs(changedAt)).toBeLessThanOrEqual(1_000);
    await log.publish(jobConfigured({ ...job.data, revision: 2, enabled: false }));
  });

  it('tells executors to end a run, and is told by them that it has', { timeout: 60_000 }, async () => {
    const service = await start();
    const job = jobConfigured();
    await log.publish(job);
    const asked = runRequested(job.data.jobId);
    await log.publish({ ...asked, data: { ...asked.data, changedAt: now() } });
    const { runId } = asked.data;
    const due = () => taken.find((run) => run.runId === runId);
    await until(() => due() !== undefined, PATIENCE_MS);
    const run = due();
    if (run === undefined) throw new Error('not offered');
    await log.publish(started(run, now(), addMs(now(), 600_000)));
    const cancel = cancelRequested(runId, job.data.jobId, 0);
    await log.publish({ ...cancel, data: { ...cancel.data, changedAt: now() } });
    await until(() => stops.length >= 2, PATIENCE_MS);
    expect(new Set(stops)).toEqual(new Set([JSON.stringify({ runId })]));
    await log.publish(completed(run, now(), 'cancelled'));
    const isOver = async () =>
      (await sql`select 1 from scheduler.run where run_id = ${runId} and state = 'finished'`.execute(db)).rows
        .length === 1;
    await until(isOver, PATIENCE_MS);
    await end(service, 'SIGTERM');
  });
});
