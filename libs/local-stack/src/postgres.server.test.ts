import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { freePort } from './free-port.server.js';
import { type PostgresServer, startPostgres } from './postgres.server.js';
import { processIdentity } from './recorded.process.js';
import { temporaryFolder } from './temporary-folder.server.js';

const { dir, remove } = temporaryFolder();
const running: PostgresServer[] = [];

async function start(name: string, extra: Partial<Parameters<typeof startPostgres>[0]> = {}) {
  const options = { dir: path.join(dir, name), port: await freePort(), password: 'p:w/ü', durable: false };
  const server = await startPostgres({ ...options, ...extra });
  running.push(server);
  return server;
}
async function query(server: PostgresServer, sql: string) {
  const client = new Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});
afterAll(remove);

test('a stopped server leaves no process and continues with its data', async () => {
  const first = await start('restart');
  await query(first, 'create table t as select 1 as kept');
  await first.stop();
  expect(processIdentity(first.pid)).toBeUndefined();
  const second = await start('restart');
  expect(await query(second, 'select kept from t')).toEqual([{ kept: 1 }]);
});

test('a server killed amid open connections is back with what was committed', async () => {
  const first = await start('killed', { durable: true });
  const busy = new Client({ connectionString: first.url });
  busy.on('error', () => undefined);
  await busy.connect();
  await busy.query('create table t as select 2 as kept');
  const sleeping = busy.query('select pg_sleep(60)').catch(() => 'cut');
  await first.kill();
  const second = await start('killed', { port: first.port, durable: true });
  expect(await query(second, 'select kept from t')).toEqual([{ kept: 2 }]);
  expect(await sleeping).toBe('cut');
});

test('a server still running in the folder is ended and replaced', async () => {
  const orphan = await start('orphan');
  const successor = await start('orphan', { port: orphan.port });
  expect(processIdentity(orphan.pid)).toBeUndefined();
  expect(await query(successor, 'show fsync')).toEqual([{ fsync: 'off' }]);
});

test('a pid file that names a stranger stops nobody and hinders nothing', async () => {
  const first = await start('stale');
  const pidFile = path.join(dir, 'stale/data/postmaster.pid');
  const lines = readFileSync(pidFile, 'utf8').split('\n').slice(1);
  await first.stop();
  writeFileSync(pidFile, [process.pid, ...lines].join('\n'));
  expect(await query(await start('stale'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('an initdb that was cut short is made again', async () => {
  mkdirSync(path.join(dir, 'half/data.new/base'), { recursive: true });
  expect(await query(await start('half'), 'select 1 as one')).toEqual([{ one: 1 }]);
});
