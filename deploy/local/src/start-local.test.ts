import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, processIdentity, temporaryFolder } from '@tocsin/local-stack';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Deployment } from './deployment.js';
import { type Local, type LocalOptions, startLocal } from './start-local.process.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const { deployment } = (await import(fixture('deployment.mjs'))) as { deployment: Deployment };
const folder = temporaryFolder();
const running: Local[] = [];
const supervisors: ChildProcess[] = [];
let said: string[] = [];

beforeAll(() => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  execFileSync('tsc', ['-b', 'deploy/local'], { cwd: root, stdio: 'inherit' }); // the supervisor that is killed is a built one
});
afterEach(async () => {
  said = [];
  for (const child of supervisors.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
  for (const local of running.splice(0)) await local.stop();
});
afterAll(folder.remove);

const failing = () => Promise.reject(new Error('no such stream'));

async function start(name: string, extra: LocalOptions = {}) {
  const options = {
    dataDir: path.join(folder.dir, name),
    port: await freePort(),
    env: { PATH: process.env.PATH },
  };
  const local = await startLocal({ ...options, deployment, log: (line) => said.push(line), ...extra });
  running.push(local);
  return local;
}
const service = (local: Local, name: string) => {
  const found = local.services[name];
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const pids = (local: Local) =>
  [local.nats, local.postgres, ...Object.values(local.services)].map((one) => one?.pid ?? 0);
const alive = (all: number[]) => all.filter((pid) => processIdentity(pid) !== undefined);

test('everything runs, each service under its own identity, and a stop leaves nothing behind', async () => {
  const local = await start('plain');
  const all = pids(local);
  expect(alive(all)).toHaveLength(4);
  expect(local.token()).toBe('token-of-the-fixture');
  const seen = (await (await fetch(`${local.url}/env`)).json()) as Record<string, string>;
  const secrets = JSON.parse(readFileSync(path.join(local.dataDir, 'secrets.json'), 'utf8')) as {
    nats: Record<string, string>;
    secretKey: string;
  };
  expect(new URL(seen.NATS_URL ?? '').username).toBe('front');
  expect(new URL(seen.NATS_URL ?? '').password).toBe(secrets.nats.front);
  expect(Buffer.from(seen.TOCSIN_SECRET_KEY ?? '', 'base64')).toHaveLength(32);
  expect(statSync(path.join(local.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  const operator = path.join(local.dataDir, 'operator.json');
  expect(JSON.parse(readFileSync(operator, 'utf8'))).toEqual({
    natsUrl: local.natsUrl,
    databaseUrl: local.databaseUrl,
  });
  expect(statSync(operator).mode & 0o777).toBe(0o600);
  expect(said.toSorted()).toEqual([
    'front | {"level":40,"msg":"noteworthy"}',
    'worker | {"level":40,"msg":"noteworthy"}',
  ]);
  await local.stop();
  expect(alive(all)).toEqual([]);
  expect(readFileSync(path.join(local.dataDir, 'logs/front.log'), 'utf8')).toContain('calm');
});

test('a second start continues with the same secrets', async () => {
  const first = await start('again');
  const secrets = readFileSync(path.join(first.dataDir, 'secrets.json'), 'utf8');
  await first.stop();
  const second = await start('again');
  expect(readFileSync(path.join(second.dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
});

test('a killed service and killed servers run again under new pids, and it is said', async () => {
  const local = await start('killed');
  const before = pids(local);
  service(local, 'worker').kill('SIGKILL');
  local.nats?.kill('SIGKILL');
  local.postgres?.kill('SIGKILL');
  await vi.waitFor(() => expect(said.filter((line) => line.includes('runs again'))).toHaveLength(3), 10_000);
  await local.ready();
  const after = pids(local);
  expect(after.map((pid, index) => pid === before[index])).toEqual([false, false, true, false]);
  expect(said.join('\n')).toMatch(/worker was ended by SIGKILL after .* s; starting it again in 0\.3 s/);
});

test('one service can be stopped for a while and started again', async () => {
  const local = await start('paused');
  await service(local, 'worker').stop(1000);
  expect(service(local, 'worker').pid).toBeUndefined();
  await service(local, 'worker').start();
  await local.ready();
  expect(alive(pids(local))).toHaveLength(4);
});

async function supervisor(dataDir: string, port: number) {
  const child = spawn(process.execPath, [fixture('supervisor.mjs'), dataDir, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  supervisors.push(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const all = await vi.waitFor(() => {
    const list = /^ready (.*)$/m.exec(output)?.[1];
    if (list === undefined) throw new Error(`not ready: ${output}`);
    return JSON.parse(list) as number[];
  }, 20_000);
  return { child, all };
}

test.each([
  ['the supervisor alone', false],
  ['everything', true],
])('after a SIGKILL of %s the next start recovers', async (_, everything) => {
  const [dataDir, port] = [path.join(folder.dir, `crash-${String(everything)}`), await freePort()];
  const { child, all } = await supervisor(dataDir, port);
  for (const pid of everything ? [child.pid ?? 0, ...all] : [child.pid ?? 0]) process.kill(pid, 'SIGKILL');
  await once(child, 'exit');
  const local = await start(path.basename(dataDir), { port });
  expect(alive(all)).toEqual([]);
  expect(alive(pids(local))).toHaveLength(4);
});

test('a second supervisor on the same folder is refused and harms nothing', async () => {
  const local = await start('twice');
  await expect(start('twice')).rejects.toThrow(/already runs in .*twice \(pid \d+\)/);
  expect(alive(pids(local))).toHaveLength(4);
});

test('a port that is taken is a clear error, before anything has started', async () => {
  const stranger = net.createServer();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as net.AddressInfo;
  await expect(start('taken', { port })).rejects.toThrow(`port ${port} is taken`);
  expect(existsSync(path.join(folder.dir, 'taken/postgres'))).toBe(false);
  await new Promise((resolve) => stranger.close(resolve));
});

test('a provision step that fails stops what had been started and tells why', async () => {
  await expect(start('unprovisioned', { deployment: { ...deployment, provision: failing } })).rejects.toThrow(
    'no such stream',
  );
  expect(existsSync(path.join(folder.dir, 'unprovisioned/nats/process.json'))).toBe(false);
  expect(existsSync(path.join(folder.dir, 'unprovisioned/supervisor.json'))).toBe(false);
});

test('a lost or damaged secrets file is never replaced by a new one', async () => {
  const local = await start('secrets');
  const file = path.join(local.dataDir, 'secrets.json');
  await local.stop();
  writeFileSync(file, '{"secretKey": "half');
  await expect(start('secrets')).rejects.toThrow(/damaged/);
  rmSync(file);
  await expect(start('secrets')).rejects.toThrow(/put it back from a backup/);
});

test('a service that hangs in its shutdown is killed, and the whole stop takes less than ten seconds', async () => {
  const services = deployment.services.map((spec) => ({ ...spec, entry: fixture('deaf-service.mjs') }));
  const local = await start('deaf', { deployment: { ...deployment, services } });
  const all = pids(local);
  const startedAt = performance.now();
  await local.stop();
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(alive(all)).toEqual([]);
});
