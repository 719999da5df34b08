import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { jetstreamManager } from '@nats-io/jetstream';
import { requests, STREAMS } from '@tocsin/contracts';
import { connectDatabase } from '@tocsin/database';
import { createJetStreamLog, type EventLog } from '@tocsin/event-log';
import { derivedId } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import { connectNats, createLogger, type NatsHandle, Secret, sealSecret } from '@tocsin/service-kit';
import { freshDatabase, freshNats, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { notificationId, providerConfigured, raised } from './events.fixture.js';

const hook = derivedId('provider', 'hook');
const masterKey = new Secret(Buffer.alloc(32, 5).toString('base64'));
const signingSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const logger = createLogger({ name: 'test', level: 'silent' });

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let db: Kysely<unknown>;
let environment: Record<string, string>;
let receiver: WebhookFake;
let service: ChildProcess | undefined;

beforeAll(async () => {
  const [started, database, fake] = await Promise.all([
    freshNats(),
    freshDatabase(inject('pgUrl')),
    startWebhookFake({ secrets: [signingSecret] }),
  ]);
  server = started;
  receiver = fake;
  db = connectDatabase({ databaseUrl: database.url, name: 'test', onIdleError: () => {} });
  nats = connectNats({ url: server.url, name: 'test' });
  const manager = await jetstreamManager(await nats.connection());
  for (const { name, subjects } of STREAMS) await manager.streams.add({ name, subjects: [...subjects] });
  log = createJetStreamLog({ nats, logger });
  environment = {
    NATS_URL: server.url,
    DATABASE_URL: database.url,
    HTTP_PORT: String(await freePort()),
    TOCSIN_SECRET_KEY: masterKey.reveal(),
    TOCSIN_EGRESS_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
  };
  await sql`create schema config`.execute(db);
  await sql`create table config.secret (record_id uuid, record_kind text, version int4, key_id text,
    wrapped_key bytea, ciphertext bytea, created_at timestamptz, primary key (record_id, version))`.execute(
    db,
  );
  const sealed = sealSecret(
    masterKey,
    `provider:${hook}:1`,
    JSON.stringify({ url: receiver.url, signingSecret }),
  );
  await sql`insert into config.secret values (${hook}, 'provider', 1, ${sealed.keyId}, ${sealed.wrappedKey},
    ${sealed.ciphertext}, now())`.execute(db);
  await log.publish(providerConfigured(hook, 'webhook', { method: 'POST' }, { secretVersion: 1 }));
});
afterEach(async () => {
  if (service !== undefined) await stop(service, 'SIGKILL');
});
afterAll(async () => {
  await db.destroy();
  await nats.close();
  await receiver.stop();
  await server.remove();
});

const main = new URL('../dist/main.js', import.meta.url).pathname;
function start(...command: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...command], { env: environment, stdio: 'ignore' });
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

const stateOf = async (id: string) =>
  (
    await sql<{ state: string }>`select state from notifier.notification where id = ${id}`
      .execute(db)
      .catch(() => ({ rows: [] }))
  ).rows[0]?.state;
const until = async (id: string, state: string) =>
  await vi.waitUntil(async () => (await stateOf(id)) === state, { timeout: 15_000, interval: 10 });
const isBlocked = async () =>
  (
    await sql`select 1 from pg_locks where not granted and relation = 'notifier.provider_health'::regclass`.execute(
      db,
    )
  ).rows.length > 0;
const alert = (name: string) => ({ name, providers: [hook], time: new Date().toISOString() });
const received = (id: string) =>
  receiver.received.filter(({ headers }) => headers['webhook-id'] === id).length;

it('K11 a notifier killed between the answer and its commit repeats the attempt with the same id', async () => {
  service = start();
  const first = notificationId('raised', 'calm', hook);
  await log.publish(raised(alert('calm')));
  await until(first, 'delivered');

  // Whoever holds this lock keeps outcomes from being written, not attempts from being started.
  const id = notificationId('raised', 'killed', hook);
  const dying = service;
  await db.transaction().execute(async (tx) => {
    await sql`lock table notifier.provider_health in exclusive mode`.execute(tx);
    await log.publish(raised(alert('killed')));
    await vi.waitUntil(() => received(id) === 1, { timeout: 15_000, interval: 5 });
    await vi.waitUntil(() => isBlocked(), { timeout: 15_000, interval: 5 });
    await stop(dying, 'SIGKILL');
  });
  expect(await stateOf(id)).toBe('planned');

  service = start();
  await until(id, 'delivered');
  const { rows } = await sql`
    select number, outcome from notifier.attempt where notification_id = ${id} order by number`.execute(db);
  expect(rows).toEqual([
    { number: 1, outcome: 'interrupted' },
    { number: 2, outcome: 'delivered' },
  ]);
  expect([received(first), received(id)]).toEqual([1, 2]);
});

it('stops with the attempt under way told and recorded, and starts without a repeat', async () => {
  service = start();
  const id = notificationId('raised', 'stopping', hook);
  await log.publish(raised(alert('stopping')));
  await vi.waitUntil(() => received(id) === 1, { timeout: 15_000, interval: 1 });
  await stop(service, 'SIGTERM');
  expect(await stateOf(id)).toBe('delivered');
  service = start();
  const next = notificationId('raised', 'next', hook);
  await log.publish(raised(alert('next')));
  await until(next, 'delivered');
  expect(received(id)).toBe(1);
});

it('tries a provider for whoever asks, waits for one that was just stored, and records nothing', async () => {
  service = start();
  await log.publish(raised(alert('up and running')));
  await until(notificationId('raised', 'up and running', hook), 'delivered');
  const ask = async (question: object) => {
    const connection = await nats.connection();
    const reply = await connection.request(requests.testProvider, JSON.stringify(question), {
      timeout: 5_000,
    });
    return reply.json();
  };
  const seen = receiver.received.length;
  expect(await ask({ providerId: hook, revision: 1 })).toMatchObject({ result: 'delivered', status: 200 });
  expect(receiver.received.slice(seen)).toMatchObject([{ json: { event: 'provider.test' } }]);
  const inline = { type: 'webhook', config: { url: receiver.url, method: 'POST' } };
  expect(await ask(inline)).toMatchObject({ result: 'never', status: 401, reason: 'http_401' });
  expect(await ask({ type: 'webhook', config: { url: 'nowhere' } })).toMatchObject({
    reason: 'settings_invalid',
  });
  expect(await ask({ hello: 1 })).toMatchObject({ result: 'never', reason: 'invalid_request' });

  const later = derivedId('provider', 'later');
  const answer = ask({ providerId: later, revision: 1 });
  await log.publish(
    providerConfigured(later, 'webhook', { url: receiver.url, method: 'POST', signingSecret }),
  );
  expect(await answer).toMatchObject({ result: 'delivered' });
  const { rows } = await sql`select 1 from notifier.attempt where started_at > now() - interval '1 second'
    and notification_id not in (select id from notifier.notification)`.execute(db);
  expect(rows).toEqual([]);
});

it('publishes what became of each notification, chained, and verifies the chain', async () => {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from notifier.event where stream_seq is null`.execute(db);
  expect(rows).toEqual([{ open: 0 }]);
  expect((await log.describe('DELIVERIES')).lastSequence).toBeGreaterThan(2);
  const verify = start('verify');
  expect((await once(verify, 'exit'))[0]).toBe(0);
  await sql`update notifier.event set data = replace(data, 'received', 'perceived')`.execute(db);
  const again = start('verify');
  expect((await once(again, 'exit'))[0]).toBe(1);
});
