import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AUDITOR, AUDITOR_PERMISSIONS, STREAM_NAMES, type StreamName, subjects } from '@tocsin/contracts';
import { AUDITOR_ROLE } from '@tocsin/database';
import { freshDatabase, freshNats } from '@tocsin/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { natsOptions } from './connect.nats.js';
import { provision } from './provision.js';
import { DATABASE_ROLES } from './schemas.js';

/** Who judges the log reads all of it that is kept, and can change nothing: X2, SEC19. */

const id = '00000000-0000-4000-8000-000000000000';
const samples: Record<StreamName, string> = {
  CONFIG: subjects.config('p', 'monitor', id),
  CHECKS: subjects.checkDue('local', 'http', id),
  RESULTS: subjects.result('p', 'monitor', id),
  STATUS: subjects.status('p', 'monitor', id),
  ALERTS: subjects.alert('p', 'monitor', id, 'raised'),
  DELIVERIES: subjects.delivery('p', 'slack', id, 'delivered'),
};
const read = STREAM_NAMES.filter((stream) => stream !== 'CHECKS');
const refused = /permissions violation|authorization/i;
const rolePasswords = Object.fromEntries(
  [...DATABASE_ROLES, AUDITOR_ROLE].map((role) => [role, `pass ${role}`]),
);

let nats: Awaited<ReturnType<typeof freshNats>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
const open: NatsConnection[] = [];

async function auditor(): Promise<NatsConnection> {
  const url = nats.urlFor({ name: AUDITOR, password: AUDITOR });
  const nc = await connect({ ...natsOptions(url), inboxPrefix: `_INBOX_${AUDITOR}`, reconnect: false });
  open.push(nc);
  return nc;
}

async function query(statement: string, role?: string): Promise<Record<string, unknown>[]> {
  const url = new URL(database.url);
  if (role !== undefined) {
    url.username = role;
    url.password = encodeURIComponent(rolePasswords[role] ?? '');
  }
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  nats = await freshNats([{ name: AUDITOR, password: AUDITOR, ...AUDITOR_PERMISSIONS }]);
  database = await freshDatabase(inject('pgUrl'));
  await provision({ natsUrl: nats.url, databaseUrl: database.url, maxBytesScale: 0.01, rolePasswords });
  const admin = await connect(natsOptions(nats.url));
  for (const subject of Object.values(samples)) await jetstream(admin).publish(subject, 'first');
  await admin.close();
});
afterAll(async () => {
  for (const nc of open) await nc.close();
  await nats.remove();
  await database.drop();
});

test.each(read)('the auditor reads %s in order, and looks at it', async (stream) => {
  const nc = await auditor();
  const consumer = await jetstream(nc).consumers.get(stream, { deliver_policy: 'all' });
  const messages = await consumer.consume({ max_messages: 10 });
  for await (const message of messages) {
    expect(message.subject).toBe(samples[stream]);
    break;
  }
  await messages.close();
  expect((await (await jetstreamManager(nc, { checkAPI: false })).streams.info(stream)).state.messages).toBe(
    1,
  );
});

test.each([...STREAM_NAMES])('the auditor writes nothing to %s', async (stream) => {
  const js = jetstream(await auditor());
  await expect(js.publish(samples[stream], 'event')).rejects.toThrow(refused);
});

test.each([...STREAM_NAMES])(
  'the auditor cannot change, empty or delete %s, nor take from it',
  async (stream) => {
    const nc = await auditor();
    const verbs = [
      'CREATE',
      'UPDATE',
      'DELETE',
      'PURGE',
      'MSG.DELETE',
      'SNAPSHOT',
      'RESTORE',
      'LEADER.STEPDOWN',
    ];
    const forbidden = [
      ...verbs.map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
      `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.mine`,
      `$JS.API.CONSUMER.DELETE.${stream}.executor-local`,
      `$JS.API.CONSUMER.PAUSE.${stream}.executor-local`,
      `$JS.ACK.${stream}.executor-local.1.1.1.1.1`,
      `$JS.ACK._.account.${stream}.executor-local.1.1.1.1.1`,
    ];
    for (const subject of forbidden)
      await expect(nc.request(subject, '{}', { timeout: 2000 })).rejects.toThrow(refused);
  },
);

test('the auditor sees nothing of the work queue and hears nobody', async () => {
  const nc = await auditor();
  for (const subject of ['$JS.API.STREAM.INFO.CHECKS', '$JS.API.CONSUMER.MSG.NEXT.CHECKS.executor-local'])
    await expect(nc.request(subject, '', { timeout: 2000 })).rejects.toThrow(refused);
  for (const subject of ['>', '_INBOX.>', '_INBOX_api.>', '$SYS.>', ...Object.values(samples)]) {
    const other = await auditor();
    const ended = new Promise<string>((resolve) => {
      other.subscribe(subject, { callback: (error) => resolve(error?.message ?? 'heard') });
    });
    await other.flush();
    expect(await ended).toMatch(refused);
  }
});

test('the role of the auditor reads what it may and writes nothing, not even where it could', async () => {
  await query('create table config.event (id int); create table config.secret (id int)', 'tocsin_api');
  await query('create table auth.change (id int); create table auth.token (id int)', 'tocsin_api');
  await provision({ natsUrl: nats.url, databaseUrl: database.url, maxBytesScale: 0.01, rolePasswords });
  for (const table of ['config.event', 'auth.change'])
    expect(await query(`select * from ${table}`, AUDITOR_ROLE)).toEqual([]);
  for (const table of ['config.secret', 'auth.token'])
    await expect(query(`select * from ${table}`, AUDITOR_ROLE)).rejects.toThrow(/permission denied/);
  const attempts = [
    'insert into config.event values (1)',
    'delete from auth.change',
    'create table config.mine (id int)',
  ];
  for (const attempt of attempts)
    await expect(query(`set transaction read write; ${attempt}`, AUDITOR_ROLE)).rejects.toThrow(
      /permission denied/,
    );
  await expect(query('create temporary table mine (id int)', AUDITOR_ROLE)).rejects.toThrow(/read-only/);
});
