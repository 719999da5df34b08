import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startChild } from './child.process.js';
import { freePort, portIsFree } from './free-port.server.js';
import { findNatsServer, isRecentEnough } from './nats-binary.server.js';
import { natsConfig } from './nats-config.js';
import { assertReachable } from './postgres-account.server.js';
import { isZombie, parseProcStat } from './proc-stat.js';
import { endRecorded, processIdentity, readRecord, recordProcess } from './recorded.process.js';
import { temporaryFolder } from './temporary-folder.server.js';

const { dir, remove } = temporaryFolder();
afterAll(remove);

const forever = [
  '-e',
  'process.on("SIGTERM", () => undefined); setInterval(() => undefined, 1000); console.log("up")',
];

test.each([
  [
    '1 (node) S 0 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 777 1',
    { state: 'S', threads: 1, startTicks: '777' },
  ],
  [
    '9 (odd ) Z (x) Z 0 1 1 0 -1 4194560 1 1 1 1 1 1 1 1 20 0 1 0 42 1',
    { state: 'Z', threads: 1, startTicks: '42' },
  ],
  ['', undefined],
])('reads state and start of %j', (text, expected) => {
  expect(parseProcStat(text)).toEqual(expected);
});

test.each([
  ['S', 1, false],
  ['Z', 1, true],
  ['Z', 0, true],
  ['Z', 7, false],
  ['X', 1, true],
])('state %s with %i threads is a zombie: %s', (state, threads, expected) => {
  expect(isZombie({ state, threads, startTicks: '1' })).toBe(expected);
});

test.each([
  ['nats-server: v2.9.10', false],
  ['nats-server: v2.10.0', true],
  ['nats-server: v2.14.0', true],
  ['nats-server: v3.0.0', true],
  ['something else', false],
])('%s is recent enough: %s', (line, expected) => {
  expect(isRecentEnough(line)).toBe(expected);
});

test('NATS_SERVER_BIN goes before everything else', async () => {
  expect(await findNatsServer({ NATS_SERVER_BIN: '/opt/nats-server' })).toBe('/opt/nats-server');
});

test('an empty list of subjects is written as a denial, which is what it means', () => {
  const config = natsConfig({
    serverName: 's',
    host: '127.0.0.1',
    port: 1,
    monitorPort: 2,
    storeDir: '/s',
    pidFile: '/p',
    syncInterval: 'default',
    maxMemoryBytes: 1,
    maxStoreBytes: 2,
    admin: { name: 'a', password: 'b' },
    users: [{ name: 'u', password: '1e5', publish: ['$JS.API.>', 'x'], subscribe: [] }],
  });
  expect(config).toContain('publish: { allow: ["$JS.API.>", "x"] }');
  expect(config).toContain('subscribe: { deny: [">"] }');
  expect(config).toContain('password: "1e5"');
  expect(config).not.toContain('sync_interval');
});

test('a free port lies below those of outgoing connections and can be listened on', async () => {
  const port = await freePort();
  expect(port).toBeLessThan(32_768);
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await portIsFree(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await portIsFree(port)).toBe(true);
});

test('a child that ignores the signal is killed after the grace, and its record goes with it', async () => {
  const pidFile = path.join(dir, 'child.json');
  let output = '';
  const { promise: ready, resolve: up } = Promise.withResolvers<void>();
  const child = await startChild({
    command: process.execPath,
    args: forever,
    env: process.env,
    pidFile,
    onOutput: (chunk) => {
      output += chunk;
      up();
    },
  });
  await ready;
  expect(readRecord(pidFile)?.pid).toBe(child.pid);
  await child.end('SIGTERM', 50);
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(output).toBe('up\n');
  expect(existsSync(pidFile)).toBe(false);
});

test('a program that does not exist is an error, not a crash', async () => {
  const options = { args: [], env: {}, pidFile: path.join(dir, 'none.json') };
  await expect(startChild({ ...options, command: '/nonexistent/program' })).rejects.toThrow(/ENOENT/);
});

test('a record ends the process it names, but not a stranger with the same pid', async () => {
  const file = path.join(dir, 'recorded.json');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  const { pid } = child;
  if (pid === undefined) throw new Error('not started');
  writeFileSync(file, JSON.stringify({ pid, identity: 'somebody earlier' }));
  expect(await endRecorded(file, 'SIGTERM', 1000)).toBe(false);
  expect(processIdentity(pid)).toBeDefined();
  recordProcess(file, pid);
  expect(await endRecorded(file, 'SIGTERM', 1000)).toBe(true);
  expect(processIdentity(pid)).toBeUndefined();
});

test('a pid file cut short by a crash names nobody', async () => {
  const file = path.join(dir, 'short.json');
  writeFileSync(file, '{"pid": 12');
  expect(readRecord(file)).toBeUndefined();
  expect(await endRecorded(file, 'SIGTERM', 10)).toBe(false);
});

test('a folder the server account cannot enter is named before anything starts', () => {
  mkdirSync(path.join(dir, 'closed'), { mode: 0o700 });
  const account = { name: 'postgres', uid: 4242, gid: 4242 };
  expect(() => assertReachable(path.join(dir, 'closed/pg'), account)).toThrow(
    /closed is closed to it \(mode 700\)/,
  );
  expect(() => assertReachable(path.join(dir, 'closed'), account)).not.toThrow();
});
