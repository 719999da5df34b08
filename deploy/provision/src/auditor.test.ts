import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, createInbox, type NatsConnection } from '@nats-io/transport-node';
import {
  AUDITOR,
  auditorAccess,
  inboxPrefix,
  requests,
  SERVICE_NAMES,
  STREAM_NAMES,
  type StreamName,
  SUBSCRIBER_DOMAIN,
  subjects,
} from '@tocsin/contracts';
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
  nats = await freshNats([], [{ name: AUDITOR, password: AUDITOR, access: auditorAccess() }]);
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

const DOMAIN = `$JS.${SUBSCRIBER_DOMAIN}.API`;

test.each(read)('the auditor reads %s in order, and looks at it', async (stream) => {
  const nc = await auditor();
  const info = await nc.request(`${DOMAIN}.STREAM.INFO.${stream}`, '');
  expect(info.json<{ state: { messages: number } }>().state.messages).toBe(1);
  const inbox = createInbox(`_INBOX_${AUDITOR}`);
  const answers = nc.subscribe(inbox, { max: 2 });
  nc.publish(`${DOMAIN}.DIRECT.GET.${stream}`, '{"seq":1,"batch":10,"next_by_subj":">"}', { reply: inbox });
  const found: [string, number][] = [];
  for await (const answer of answers)
    found.push([answer.headers?.get('Nats-Subject') ?? '', answer.headers?.code ?? 0]);
  expect(found).toEqual([
    [samples[stream], 0],
    ['', 204],
  ]);
});

const verbs = ['CREATE', 'UPDATE', 'DELETE', 'PURGE', 'INFO', 'MSG.GET', 'MSG.DELETE', 'SNAPSHOT', 'RESTORE'];
const consumers = ['executor-local', 'mine'];
const questions = [
  'INFO',
  'STREAM.NAMES',
  'STREAM.LIST',
  ...STREAM_NAMES.flatMap((stream) => [
    ...verbs.map((verb) => `STREAM.${verb}.${stream}`),
    `STREAM.LEADER.STEPDOWN.${stream}`,
    `DIRECT.GET.${stream}`,
    `DIRECT.GET.${stream}.${samples[stream]}`,
    `CONSUMER.CREATE.${stream}`,
    `CONSUMER.NAMES.${stream}`,
    ...consumers.flatMap((name) => [
      `CONSUMER.CREATE.${stream}.${name}`,
      `CONSUMER.CREATE.${stream}.${name}.${samples[stream]}`,
      `CONSUMER.DURABLE.CREATE.${stream}.${name}`,
      ...['INFO', 'MSG.NEXT', 'DELETE', 'PAUSE'].map((verb) => `CONSUMER.${verb}.${stream}.${name}`),
    ]),
  ]),
];
const acks = STREAM_NAMES.flatMap((stream) =>
  consumers.flatMap((name) => [
    `$JS.ACK.${stream}.${name}.1.1.1.1.0`,
    `$JS.ACK._.account.${stream}.${name}.1.1.1.1.0`,
  ]),
);
const inboxes = SERVICE_NAMES.map((name) => `${inboxPrefix(name)}.x`);

/** Which of the subjects the server lets through: one connection, told apart by what it says of each. */
async function permitted(
  act: (nc: NatsConnection, subject: string) => void,
  all: string[],
): Promise<string[]> {
  const nc = await auditor();
  const refusedOnes = new Set<string>();
  const watch = (async () => {
    for await (const status of nc.status())
      if (status.type === 'error') refusedOnes.add(/to "([^"]+)"/.exec(status.error.message)?.[1] ?? '');
  })();
  for (const subject of all) act(nc, subject);
  await nc.flush();
  await nc.close();
  await watch;
  return all.filter((subject) => !refusedOnes.has(subject)).toSorted();
}

test('the auditor asks two questions about each stream but the work queue, and says nothing else', async () => {
  const all = [
    ...Object.values(samples),
    ...['$JS.API', DOMAIN].flatMap((prefix) => questions.map((one) => `${prefix}.${one}`)),
    ...acks,
    ...inboxes,
    requests.testProvider,
    '$SYS.REQ.SERVER.PING',
  ];
  const asked = read.flatMap((stream) => [
    `${DOMAIN}.STREAM.INFO.${stream}`,
    `${DOMAIN}.DIRECT.GET.${stream}`,
  ]);
  expect(await permitted((nc, subject) => nc.publish(subject, ''), all)).toEqual(asked.toSorted());
});

test('the auditor hears answers to its own questions and nobody', async () => {
  const all = ['>', '_INBOX_api.>', '$SYS.>', '$JS.>', ...Object.values(samples), `_INBOX_${AUDITOR}.1`];
  expect(await permitted((nc, subject) => void nc.subscribe(subject), all)).toEqual([`_INBOX_${AUDITOR}.1`]);
});

test('an answer to the auditor is stored nowhere, wherever it would have it sent', async () => {
  const admin = await connect(natsOptions(nats.url));
  open.push(admin);
  const jsm = await jetstreamManager(admin);
  const stored = async () =>
    await Promise.all(STREAM_NAMES.map(async (name) => (await jsm.streams.info(name)).state.last_seq));
  const before = await stored();
  const nc = await auditor();
  for (const reply of [...Object.values(samples), '$JS.API.STREAM.PURGE.RESULTS', ...inboxes]) {
    nc.publish(`${DOMAIN}.STREAM.INFO.ALERTS`, '', { reply });
    nc.publish(`${DOMAIN}.DIRECT.GET.ALERTS`, '{"seq":1,"batch":5,"next_by_subj":">"}', { reply });
  }
  await nc.flush();
  // Inside the account the same is stored: this is what an account of its own is for
  admin.publish('$JS.API.DIRECT.GET.ALERTS', '{"seq":1}', { reply: samples.STATUS });
  const status = STREAM_NAMES.indexOf('STATUS');
  await expect.poll(async () => (await stored())[status]).toBe((before[status] ?? 0) + 1);
  expect(await stored()).toEqual(before.with(status, (before[status] ?? 0) + 1));
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
