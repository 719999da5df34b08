import { readFileSync, renameSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, expect, test } from 'vitest';
import { freePort } from './free-port.server.js';
import { type NatsServer, startNats } from './nats.server.js';
import { CORE_ACCOUNT } from './nats-accounts.js';
import { commandLine, processIdentity } from './recorded.process.js';
import { temporaryFolder } from './temporary-folder.server.js';

const { dir, remove } = temporaryFolder();
const running: NatsServer[] = [];
const connections: NatsConnection[] = [];
const refused = /permission|authorization|timeout/i;
const admin = { name: 'admin', password: 'hunter "2" $HOME' };

async function start(name: string, extra: Partial<Parameters<typeof startNats>[0]> = {}) {
  const server = await startNats({ dir: path.join(dir, name), port: await freePort(), admin, ...extra });
  running.push(server);
  return server;
}
async function open(server: NatsServer, user: { name: string; password: string } = admin) {
  const { name, password: pass } = user;
  const inboxPrefix = `_INBOX_${name}`;
  const nc = await connect({
    servers: `127.0.0.1:${server.port}`,
    user: name,
    pass,
    inboxPrefix,
    reconnect: false,
  });
  connections.push(nc);
  return nc;
}
async function store(server: NatsServer, payload: string) {
  const nc = await open(server);
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: 'T', subjects: ['t.>'] });
  await jetstream(nc).publish('t.a', payload);
}
async function stored(server: NatsServer) {
  const jsm = await jetstreamManager(await open(server));
  return (await jsm.streams.getMessage('T', { last_by_subj: 't.a' }))?.string();
}

afterEach(async () => {
  for (const nc of connections.splice(0)) await nc.close();
  for (const server of running.splice(0)) await server.stop();
});
afterAll(remove);

test('a stopped server leaves no process and continues with its data', async () => {
  const first = await start('restart');
  await store(first, 'kept');
  await first.stop();
  expect(processIdentity(first.pid)).toBeUndefined();
  const second = await start('restart', { port: first.port });
  expect(await stored(second)).toBe('kept');
});

test('a server killed right after an acknowledgement has the event when it is back', async () => {
  const first = await start('killed');
  await store(first, 'acknowledged');
  await first.kill();
  expect(await stored(await start('killed', { port: first.port }))).toBe('acknowledged');
});

test('a server still running in the folder is ended and replaced on the same port', async () => {
  const orphan = await start('orphan');
  await store(orphan, 'by the orphan');
  const successor = await start('orphan', { port: orphan.port });
  expect(processIdentity(orphan.pid)).toBeUndefined();
  expect(await stored(successor)).toBe('by the orphan');
  const record = JSON.parse(readFileSync(path.join(dir, 'orphan/process.json'), 'utf8')) as { pid: number };
  expect(record.pid).toBe(successor.pid);
});

test('a user may do what its lists say and nothing else', async () => {
  const limited = {
    name: 'limited',
    password: 'pw-limited',
    publish: ['t.a'],
    subscribe: ['_INBOX_limited.>'],
  };
  const mute = { name: 'mute', password: 'pw-mute', publish: [], subscribe: [] };
  const server = await start('users', { users: [limited, mute] });
  await store(server, 'first');
  const nc = await open(server, limited);
  expect((await jetstream(nc).publish('t.a', 'second')).seq).toBe(2);
  await expect(jetstream(nc).publish('t.b', 'x', { timeout: 500 })).rejects.toThrow(refused);
  await expect(jetstreamManager(nc)).rejects.toThrow(refused);
  const silent = await open(server, mute);
  await expect(jetstream(silent).publish('t.a', 'x', { timeout: 500 })).rejects.toThrow(refused);
  await expect(open(server, { ...limited, password: 'wrong' })).rejects.toThrow(refused);
  await expect(connect({ servers: `127.0.0.1:${server.port}`, reconnect: false })).rejects.toThrow(refused);
});

test('passwords stand only in files that their owner alone can read', async () => {
  const server = await start('modes');
  expect(statSync(path.join(dir, 'modes/nats.conf')).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(dir, 'modes/nats.conf'), 'utf8')).toContain('sync_interval: always');
  expect(commandLine(server.pid)).not.toContain('hunter');
});

test('a port that somebody else holds is an error that shows the reason', async () => {
  const stranger = net.createServer();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as net.AddressInfo;
  await expect(start('taken', { port })).rejects.toThrow(/address already in use/);
  await new Promise((resolve) => stranger.close(resolve));
});

test('streams of before there was a named account are in it', async () => {
  const first = await start('unnamed');
  await store(first, 'kept');
  await first.stop();
  const accounts = path.join(dir, 'unnamed', 'store', 'jetstream');
  renameSync(path.join(accounts, CORE_ACCOUNT), path.join(accounts, '$G'));
  expect(await stored(await start('unnamed', { port: first.port }))).toBe('kept');
});
