import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { jetstreamManager } from '@nats-io/jetstream';
import { STREAMS } from '@tocsin/contracts';
import { connectDatabase } from '@tocsin/database';
import { createJetStreamLog, type EventLog } from '@tocsin/event-log';
import { derivedId } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import { connectNats, type NatsHandle } from '@tocsin/service-kit';
import { freshDatabase, freshNats } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { logger } from './running.fixture.js';
import { checked, configured } from './world.fixture.js';

/** Each starts several processes, on a machine that may be busy. */
const patience = { timeout: 60_000 };
const WAIT_MS = 30_000;

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let db: Kysely<unknown>;
let environment: Record<string, string>;

beforeAll(async () => {
  const [started, database] = await Promise.all([freshNats(), freshDatabase(inject('pgUrl'))]);
  server = started;
  db = connectDatabase({ databaseUrl: database.url, name: 'test', onIdleError: () => {} });
  nats = connectNats({ url: server.url, name: 'test' });
  const manager = await jetstreamManager(await nats.connection());
  for (const { name, subjects } of STREAMS) await manager.streams.add({ name, subjects: [...subjects] });
  log = createJetStreamLog({ nats, logger });
  environment = {
    NATS_URL: server.url,
    DATABASE_URL: database.url,
    HTTP_PORT: String(await freePort()),
    LOG_LEVEL: 'warn',
  };
});
afterAll(async () => {
  await db.destroy();
  await nats.close();
  await server.remove();
});

function start(...command: string[]): ChildProcess {
  const main = new URL('../dist/main.js', import.meta.url).pathname;
  return spawn(process.execPath, [main, ...command], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function run(...command: string[]): Promise<number> {
  const [code] = (await once(start(...command), 'exit')) as [number];
  return code;
}

async function stop(service: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = once(service, 'exit');
  service.kill(signal);
  await gone;
}

const eventTypes = async () => {
  const { rows } = await sql<{ type: string }>`
    select type from evaluator.event where stream_seq is not null order by stream_seq`.execute(db);
  return rows.map(({ type }) => type);
};

test(
  'K11 a service killed at any moment raises once, and its log is on ALERTS in order',
  patience,
  async () => {
    const monitor = derivedId('monitor');
    const first = start();
    await log.publish(configured(monitor, 1));
    await log.publish(checked(monitor, 1));
    await vi.waitUntil(async () => (await eventTypes().catch(() => [])).length >= 1, WAIT_MS);
    await stop(first, 'SIGKILL');
    await log.publish(checked(monitor, 2));
    await log.publish(checked(monitor, 3, { outcome: 'up' }));
    const second = start();
    await vi.waitUntil(async () => (await eventTypes()).length === 3, WAIT_MS);
    expect(await eventTypes()).toEqual(['PolicyChanged', 'AlertRaised', 'AlertResolved']);
    expect((await log.describe('ALERTS')).lastSequence).toBe(3);
    expect(await run('rebuild')).toBe(1);
    await stop(second, 'SIGTERM');
  },
);

test('its commands verify the chains and start a rebuild, which a service finishes', patience, async () => {
  expect(await run('verify')).toBe(0);
  const alerts = async () =>
    (await sql<{ row: string }>`select a::text as row from evaluator.alert as a`.execute(db)).rows;
  const before = await alerts();
  expect(await run('rebuild')).toBe(0);
  expect(await alerts()).toEqual([]);
  const service = start();
  await vi.waitUntil(async () => (await alerts()).length > 0, WAIT_MS);
  await stop(service, 'SIGTERM');
  expect(await alerts()).toEqual(before);
  await sql`update evaluator.event set data = replace(data, 'shop', 'shed') where type = 'AlertRaised'`.execute(
    db,
  );
  expect(await run('verify')).toBe(1);
});
