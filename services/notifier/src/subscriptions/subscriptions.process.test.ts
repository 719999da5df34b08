import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { NATS_PERMISSIONS, requests, STREAMS } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { createJetStreamLog, type EventLog } from '@tocsin/event-log';
import { type JsonObject, newId } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import { connectNats, createLogger, type NatsHandle, Secret, sealSecret } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { MIGRATIONS } from '../migrations/index.js';
import { SCHEMA } from '../notifier.js';
import {
  alertEvent,
  attemptsOf,
  signingSecret,
  stateOf,
  subscriptionConfigured,
} from './subscriptions.fixture.js';

const CANARY = 'canary5e1f';
const masterKey = new Secret(Buffer.alloc(32, 5).toString('base64'));
const secret = signingSecret();
const logger = createLogger({ name: 'test', level: 'silent' });
const main = new URL('../../dist/main.js', import.meta.url).pathname;

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let db: Kysely<unknown>;
let drop: () => Promise<void>;
let environment: Record<string, string>;
let receiver: WebhookFake;
let service: ChildProcess | undefined;
const said: string[] = [];

beforeAll(async () => {
  const notifier = { name: 'notifier', password: 'p'.repeat(16) };
  const [started, database, fake] = await Promise.all([
    freshNats([{ ...notifier, ...NATS_PERMISSIONS.notifier }]),
    freshDatabase(inject('pgUrl')),
    startWebhookFake({ secrets: [secret] }),
  ]);
  [server, receiver, drop] = [started, fake, database.drop];
  await createStreams(server.url);
  db = connectDatabase({ databaseUrl: database.url, name: 'test', schemas: [SCHEMA], onIdleError: () => {} });
  nats = connectNats({ url: server.url, name: 'test' });
  log = createJetStreamLog({ nats, logger });
  environment = {
    NATS_URL: server.urlFor(notifier),
    DATABASE_URL: database.url,
    HTTP_PORT: String(await freePort()),
    TOCSIN_SECRET_KEY: masterKey.reveal(),
    TOCSIN_EGRESS_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'debug',
  };
  await sql`create schema config`.execute(db);
  await sql`create table config.secret (record_id uuid, record_kind text, version int4, key_id text,
    wrapped_key bytea, ciphertext bytea, created_at timestamptz, primary key (record_id, version))`.execute(
    db,
  );
  await migrate(db, SCHEMA, MIGRATIONS);
});
afterEach(async () => await stop('SIGKILL'));
afterAll(async () => {
  await db.destroy();
  await nats.close();
  await Promise.all([receiver.stop(), server.remove(), drop()]);
});

function start(): void {
  service = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [service.stdout, service.stderr])
    stream?.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const child = service;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function subscribe(id: string, settings: JsonObject): Promise<void> {
  const { keyId, wrappedKey, ciphertext } = sealSecret(
    masterKey,
    `subscription:${id}:1`,
    JSON.stringify(settings),
  );
  await sql`insert into config.secret values (${id}, 'subscription', 1, ${keyId}, ${wrappedKey}, ${ciphertext},
    now())`.execute(db);
  const event = subscriptionConfigured({ id, url: '' });
  const config = { timeoutSeconds: 5, startRevision: 1 };
  await log.publish({ ...event, data: { ...event.data, config, secretVersion: 1 } });
}

const ids = () => receiver.received.map(({ headers }) => headers['webhook-id'] ?? '');

it('X1 killed again and again it sends all of it in order, and repeats under the same id what it may have sent', async () => {
  const id = newId();
  await subscribe(id, { url: receiver.url, signingSecret: secret });
  const count = 400;
  const expected = Array.from({ length: count }, (_, index) => alertEvent(index + 1).id);
  const publishing = (async () => {
    for (let n = 1; n <= count; n += 1) await log.publish(alertEvent(n));
  })();
  const kills = 4;
  for (let kill = 1; kill <= kills; kill += 1) {
    start();
    await expect
      .poll(() => receiver.received.length, { timeout: 15_000, interval: 1 })
      .toBeGreaterThan(kill * 80 - 40);
    await delay(Math.random() * 10);
    await stop('SIGKILL');
  }
  await publishing;
  start();
  await expect.poll(() => ids().at(-1), { timeout: 20_000, interval: 10 }).toBe(expected.at(-1));
  expect([...new Set(ids())]).toEqual(expected);
  const repeats = ids().filter((one, index, all) => all.indexOf(one) !== index);
  expect(repeats.length).toBeLessThanOrEqual(kills);
  expect(ids().filter((one, index, all) => one !== all[index - 1])).toEqual(expected);
  await expect.poll(async () => (await stateOf({ db } as never, id))?.delivered).toBe(count);
  await stop('SIGTERM');
  const left = (await attemptsOf({ db } as never, id)).map(({ outcome }) => outcome);
  expect(left).not.toContain('started');
});

it('is pinged by who set it up, with the secrets nowhere but on the way', async () => {
  const id = newId();
  await subscribe(id, {
    url: `${receiver.url}?token=${CANARY}`,
    headers: { 'X-Key': CANARY },
    signingSecret: secret,
  });
  start();
  // The notifier answers into the api's inboxes alone.
  const api = connectNats({ url: server.url, name: 'api' });
  const connection = await api.connection();
  const ask = async (question: object) =>
    (
      await connection.request(requests.testSubscription, JSON.stringify(question), { timeout: 10_000 })
    ).json() as object;
  const asked = { subscriptionId: id, revision: 1, project: 'default' };
  await expect
    .poll(async () => await ask(asked).catch(() => undefined), { timeout: 15_000 })
    .toMatchObject({
      result: 'delivered',
      status: 200,
    });
  // What is on the log already may arrive beside it
  const ping = receiver.received.findLast(
    ({ json }) => (json as { type?: string }).type === 'tocsin.v1.Ping',
  );
  expect(ping?.json).toMatchObject({ type: 'tocsin.v1.Ping', subject: id, data: { subscriptionId: id } });
  expect(new Webhook(secret).verify(ping?.rawBody.toString('utf8') ?? '', ping?.headers ?? {})).toBeTruthy();
  receiver.fail({ status: 500, body: `${receiver.url}?token=${CANARY} ${CANARY} ${secret}` });
  const answer = await ask(asked);
  expect(answer).toMatchObject({ result: 'not_now', status: 500 });
  expect(await ask({ ...asked, project: 'beta' })).toMatchObject({ reason: 'subscription_unknown' });
  await log.publish(alertEvent(9_001));
  await expect
    .poll(async () => (await stateOf({ db } as never, id))?.state, { timeout: 10_000 })
    .toBe('retrying');
  const { rows } = await sql<{ all: string }>`
    select coalesce(string_agg(t::text, ''), '') as all from (
      select row_to_json(a)::text from subscription_attempt a where subscription_id = ${id} union all
      select row_to_json(s)::text from subscription_state s union all
      select row_to_json(c)::text from subscription c) as t`.execute(db);
  const streamed = await Promise.all(
    STREAMS.filter(({ name }) => name !== 'CHECKS').map(async ({ name, subjects }) => {
      const page = await log.page({ stream: name, subjects, from: { sequence: 1 }, limit: 1_000 });
      return page.messages.map((message) => message.body()).join('');
    }),
  );
  for (const text of [JSON.stringify(answer), rows[0]?.all ?? '', ...streamed, said.join('')])
    for (const hidden of [CANARY, secret.slice(6)]) expect(text).not.toContain(hidden);
  await api.close();
});
