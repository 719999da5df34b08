import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { ARTIFACT_BUCKET, OUTPUT_STREAM, STREAMS } from '@tocsin/contracts';
import { freshDatabase, freshNats } from '@tocsin/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { natsOptions } from './connect.nats.js';
import { provision } from './provision.js';
import { DATABASE_ROLES } from './schemas.js';
import { provisionOptions } from './settings.js';

let nats: Awaited<ReturnType<typeof freshNats>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
const rolePasswords = Object.fromEntries(DATABASE_ROLES.map((role) => [role, `it's ${role}`]));

beforeAll(async () => {
  nats = await freshNats();
  database = await freshDatabase(inject('pgUrl'));
});
afterAll(async () => {
  await nats.remove();
  await database.drop();
});

const run = (extra: Partial<Parameters<typeof provision>[0]> = {}) =>
  provision({ natsUrl: nats.url, databaseUrl: database.url, maxBytesScale: 0.01, ...extra });

async function asAdmin<T>(
  work: (jsm: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>,
  natsUrl = nats.url,
): Promise<T> {
  const nc = await connect(natsOptions(natsUrl));
  try {
    return await work(await jetstreamManager(nc));
  } finally {
    await nc.close();
  }
}
async function sql(statement: string, role?: string): Promise<Record<string, unknown>[]> {
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

test('two at once, and once more, leave the six streams, the consumers and the schemas', async () => {
  const everything = { rolePasswords, locations: ['local', 'paris'] };
  await Promise.all([run(everything), run(everything)]);
  await run(everything);
  const streams = await asAdmin((jsm) => jsm.streams.list().next());
  expect(streams.map(({ config }) => config.name).toSorted()).toEqual(
    [...STREAMS.map(({ name }) => name), OUTPUT_STREAM.name, `OBJ_${ARTIFACT_BUCKET.name}`].toSorted(),
  );
  for (const stream of STREAMS) {
    const { config } = streams.find((one) => one.config.name === stream.name)!;
    expect(config).toMatchObject({
      subjects: stream.subjects,
      storage: 'file',
      discard: stream.discard,
      retention: stream.retention,
      deny_delete: stream.immutable,
      deny_purge: stream.immutable,
      allow_direct: true,
      allow_rollup_hdrs: false,
      max_msg_size: 1024 ** 2,
      duplicate_window: 120e9,
    });
    expect(config.max_bytes).toBeGreaterThan(0);
  }
  const consumers = await asAdmin((jsm) => jsm.consumers.list('CHECKS').next());
  expect(consumers.map(({ name }) => name).toSorted()).toEqual([
    'executor-local',
    'executor-paris',
    'runner-local',
    'runner-paris',
  ]);
  expect(consumers[0]?.config).toMatchObject({
    ack_policy: 'explicit',
    ack_wait: 30e9,
    max_deliver: -1,
    max_ack_pending: 20_000,
  });
});

test.each(DATABASE_ROLES)('%s owns its schema and is no more than that', async (role) => {
  expect(
    await sql('select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user', role),
  ).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
  await sql('create table probe (id int); insert into probe values (1); drop table probe', role);
  await expect(sql('create table public.probe (id int)', role)).rejects.toThrow(/permission denied/);
  const other = role === 'tocsin_scheduler' ? 'results' : 'scheduler';
  await expect(sql(`create table ${other}.probe (id int)`, role)).rejects.toThrow(/permission denied/);
  const usable = await sql(
    `select nspname as schema from pg_namespace where has_schema_privilege(oid, 'usage') and nspname = any(
       '{config,auth,results,scheduler,evaluator,notifier}') order by 1`,
    role,
  );
  const expected: Record<string, string[]> = {
    tocsin_api: ['auth', 'config', 'evaluator', 'notifier', 'results', 'scheduler'],
    tocsin_result_projector: ['results'],
    tocsin_scheduler: ['scheduler'],
    tocsin_alert_evaluator: ['evaluator'],
    tocsin_notifier: ['config', 'notifier'],
  };
  expect(usable.map(({ schema }) => schema)).toEqual(expected[role]);
});

test('a role that became a superuser is one no longer, and takes the new password', async () => {
  await sql("alter role tocsin_scheduler superuser createdb password 'forgotten'");
  await run({ rolePasswords });
  expect(
    await sql('select rolsuper, rolcreatedb from pg_roles where rolname = current_user', 'tocsin_scheduler'),
  ).toEqual([{ rolsuper: false, rolcreatedb: false }]);
});

test('without passwords there are only the schemas', async () => {
  const other = await freshDatabase(inject('pgUrl'));
  try {
    await run({ databaseUrl: other.url });
    const client = new pg.Client({ connectionString: other.url });
    await client.connect();
    const { rows } = await client.query(
      "select distinct nspowner::regrole::text as owner from pg_namespace where nspname in ('config', 'results')",
    );
    await client.end();
    expect(rows).toEqual([{ owner: 'postgres' }]);
  } finally {
    await other.drop();
  }
});

test('half of the passwords, or an unknown role, is refused', async () => {
  await expect(run({ rolePasswords: { tocsin_api: 'x' } })).rejects.toThrow(
    /no password for .*tocsin_notifier/,
  );
  await expect(run({ rolePasswords: { ...rolePasswords, postgres: 'x' } })).rejects.toThrow(
    /not a .*postgres/,
  );
  const env = { NATS_URL: 'n', DATABASE_URL: 'd', TOCSIN_DB_API_PASSWORD: 'x' };
  expect(() => provisionOptions(env)).toThrow(/TOCSIN_DB_RESULT_PROJECTOR_PASSWORD/);
});

test.each([
  ['memory storage', { storage: 'memory' as const }, /kept in memory/],
  ['persist_mode async', { persist_mode: 'async' as const }, /persist_mode async/],
])('a stream with %s is refused, not repaired', async (_, config, message) => {
  const bad = await freshNats();
  try {
    await asAdmin((jsm) => jsm.streams.add({ name: 'ALERTS', subjects: ['alert.>'], ...config }), bad.url);
    await expect(run({ natsUrl: bad.url })).rejects.toThrow(message);
  } finally {
    await bad.remove();
  }
});

test('an audit log is not shortened to fit, and full protection is put back on one that lacks it', async () => {
  const other = await freshNats();
  try {
    await asAdmin(async (jsm) => {
      await jsm.streams.add({ name: 'ALERTS', subjects: ['alert.>'], deny_purge: false });
      const js = jsm.jetstream();
      for (let i = 0; i < 5; i++) await js.publish('alert.p.monitor.i.raised', new Uint8Array(900_000));
    }, other.url);
    await expect(run({ natsUrl: other.url, maxBytesScale: 0.0001 })).rejects.toThrow(/would lose its oldest/);
    await run({ natsUrl: other.url });
    const { config, state } = await asAdmin((jsm) => jsm.streams.info('ALERTS'), other.url);
    expect(config).toMatchObject({ deny_purge: true, deny_delete: true });
    expect(state.messages).toBe(5);
  } finally {
    await other.remove();
  }
});

test('a disk that is too small is told what to set', async () => {
  await expect(run({ maxBytesScale: 100 })).rejects.toThrow(/TOCSIN_STREAM_BYTES_SCALE below 100/);
});

test('a location that is no subject token is refused', async () => {
  await expect(run({ locations: ['a.>'] })).rejects.toThrow(/letters, digits/);
});

test.each([
  ['nats://a:p%40ss@h:1', { servers: ['h:1'], user: 'a', pass: 'p@ss' }],
  ['h', { servers: ['h:4222'] }],
  ['nats://token@h:1', { servers: ['h:1'], token: 'token' }],
  ['tls://a:b@h1:1,tls://h2:2', { servers: ['h1:1', 'h2:2'], user: 'a', pass: 'b', tls: {} }],
])('%s', (url, expected) => {
  expect(natsOptions(url)).toEqual(expected);
});

test('the environment says how large the streams are, where the executors and which the passwords', () => {
  const passwords = Object.fromEntries(
    ['API', 'SCHEDULER', 'RESULT_PROJECTOR', 'ALERT_EVALUATOR', 'NOTIFIER'].map((who) => [
      `TOCSIN_DB_${who}_PASSWORD`,
      who,
    ]),
  );
  const env = {
    NATS_URL: 'n',
    DATABASE_URL: 'd',
    TOCSIN_LOCATIONS: 'local, paris',
    TOCSIN_STREAM_BYTES_SCALE: '0.1',
  };
  expect(provisionOptions({ ...env, ...passwords })).toMatchObject({
    maxBytesScale: 0.1,
    locations: ['local', 'paris'],
    rolePasswords: { tocsin_api: 'API', tocsin_result_projector: 'RESULT_PROJECTOR' },
  });
  expect(() => provisionOptions({ ...env, TOCSIN_STREAM_BYTES_SCALE: '0' })).toThrow(/above 0/);
});

test('a provision that changes nothing leaves a stream its creation time, across restarts of the server', async () => {
  const created = () => asAdmin(async (jsm) => (await jsm.streams.info('ALERTS')).created);
  await run();
  const before = await created();
  await run();
  await nats.restart();
  expect(await created()).toBe(before);
});
