import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@tocsin/local-stack';
import { startFaultProxy } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { configSchema } from './config.js';
import { type Api, SECRET_KEY, type Servers, startApi, startServers } from './testing/api.fixture.js';
import { type Client, clientFor, textAt } from './testing/client.fixture.js';

let servers: Servers;
const children: ChildProcess[] = [];
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => servers?.stop());

const SOON = { timeout: 10_000, interval: 30 };

/** The built service as a process of its own. */
async function spawnApi(env: Record<string, string> = {}) {
  const port = await freePort();
  const tokenFile = path.join(servers.dir, 'token');
  const child = spawn(process.execPath, [fileURLToPath(new URL('../dist/main.js', import.meta.url))], {
    env: {
      PATH: process.env.PATH,
      NATS_URL: servers.apiNatsUrl,
      DATABASE_URL: servers.pgUrl,
      HTTP_PORT: String(port),
      TOCSIN_SECRET_KEY: SECRET_KEY,
      TOCSIN_ADMIN_TOKEN_FILE: tokenFile,
      ...env,
    },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const client = async (): Promise<Client> => {
    await vi.waitFor(() => expect(existsSync(tokenFile)).toBe(true), SOON);
    const ready = clientFor(url, readFileSync(tokenFile, 'utf8').trim());
    await vi.waitFor(async () => expect((await ready.get('/tokens')).status).toBe(200), SOON);
    return ready;
  };
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, url, client, exited, output: () => output };
}

test('what was accepted while NATS was away is in the stream after a SIGKILL and a start', async () => {
  const crashed = await spawnApi({ NATS_URL: `nats://127.0.0.1:${await freePort()}` });
  const client = await crashed.client();
  const { id } = await client.post('/monitors', { name: 'm', type: 'heartbeat' });
  const beat = await client.get(`/monitors/${id}`);
  expect((await fetch(textAt(beat.body, 'heartbeatUrl'))).status).toBe(200);
  crashed.child.kill('SIGKILL');
  await crashed.exited;

  const api: Api = await startApi(servers);
  expect((await api.admin.get(`/monitors/${id}`)).body).toMatchObject({ name: 'm' });
  await expect
    .poll(async () => (await api.streamed('CONFIG')).map(({ data }) => data.monitorId))
    .toContain(id);
  await expect
    .poll(async () => (await api.streamed('RESULTS')).map(({ data }) => data.monitorId))
    .toContain(id);
  await api.stop();
});

test('a process killed at any moment under load loses nothing it accepted and publishes nothing twice', async () => {
  const accepted: string[] = [];
  for (let round = 0; round < 2; round++) {
    const { child, client, exited } = await spawnApi();
    const admin = await client();
    const killAt = 10 + Math.floor(Math.random() * 40);
    const writer = async () => {
      for (;;) {
        const answer = await admin.post('/jobs', { name: `round ${round}` }).catch(() => undefined);
        if (answer === undefined) return;
        accepted.push(answer.id);
        if (accepted.length >= killAt * (round + 1)) child.kill('SIGKILL');
      }
    };
    await Promise.all([writer(), writer(), writer()]);
    await exited;
  }
  const api = await startApi(servers);
  const { rows } = await sql<{ id: string }>`select id from config.jobs`.execute(api.db);
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(accepted));
  const told = async () =>
    (await api.streamed('CONFIG'))
      .filter(({ type }) => type === 'JobConfigured')
      .map(({ data }) => data.jobId);
  await expect.poll(async () => (await told()).length, SOON).toBe(rows.length);
  expect(new Set(await told()).size).toBe(rows.length);
  await api.stop();
});

test('without Postgres it lives, is not ready and says 503; with Postgres it works, and it stops in order', async () => {
  const { hostname, port } = new URL(servers.pgUrl);
  const proxy = await startFaultProxy({ host: hostname, port: Number(port) });
  proxy.down();
  const database = new URL(servers.pgUrl);
  database.port = String(proxy.port);
  const { child, url, client, exited, output } = await spawnApi({ DATABASE_URL: database.href });
  const status = async (at: string) => (await fetch(url + at)).status;
  await vi.waitFor(async () => expect(await status('/livez')).toBe(200), SOON);
  expect(await status('/readyz')).toBe(503);
  expect(await status('/api/v1/monitors')).toBe(503);
  proxy.up();
  await client();
  await vi.waitFor(async () => expect(await status('/readyz')).toBe(200), SOON);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('route="/api/v1/tokens",status="200"');
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(output()).toContain('"stopped"');
  await proxy.close();
});

test('an unusable environment is told at once with every problem', async () => {
  const { exited, output } = await spawnApi({
    DATABASE_URL: 'mysql://x',
    TOCSIN_SECRET_KEY: '',
    TOCSIN_PUBLIC_URL: 'tocsin.example',
  });
  expect(await exited).toBe(1);
  for (const name of ['DATABASE_URL', 'TOCSIN_SECRET_KEY', 'TOCSIN_PUBLIC_URL'])
    expect(output()).toContain(name);
});

test('the README names every variable of the environment, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const named = [...readme.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(Object.keys(configSchema.shape).toSorted());
});
