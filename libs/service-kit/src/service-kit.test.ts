import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { freePort, startNats, temporaryFolder } from '@tocsin/local-stack';
import { afterEach, expect, test, vi } from 'vitest';
import { baseConfig, ConfigError, createLogger, databaseUrl, parseConfig, Secret, safeUrl } from './index.js';

const canary = 'canary7f3a';
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test('all problems are told at once, with the variable and without its value', () => {
  const schema = baseConfig.extend({ DATABASE_URL: databaseUrl });
  const env = { NATS_URL: `http://u:${canary}@h`, HTTP_PORT: '99999', DATABASE_URL: '', LOG_LEVEL: canary };
  const error = (() => {
    try {
      return parseConfig(schema, env);
    } catch (thrown) {
      return thrown;
    }
  })() as ConfigError;
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.problems.map((problem) => problem.split(/[ :]/)[0]).toSorted()).toEqual([
    'DATABASE_URL',
    'HTTP_PORT',
    'LOG_LEVEL',
    'NATS_URL',
  ]);
  expect(error.message).toMatch(/DATABASE_URL is not set: set it to postgres:/);
  expect(error.message).not.toContain(canary);
});

test('a secret is shown to nobody but who asks by name', () => {
  const secret = new Secret(canary);
  expect(`${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain(canary);
  expect(secret.reveal()).toBe(canary);
});

test('no way of logging a secret puts it into a line', () => {
  const lines: string[] = [];
  const logger = createLogger({
    name: 't',
    level: 'trace',
    destination: { write: (line) => lines.push(line) },
  });
  const url = `https://u:${canary}@host/path?token=${canary}`;
  const error = new Error(`cannot reach ${url}`, { cause: new Error(`password=${canary}`) });
  logger.info(
    { password: canary, deep: { list: [{ apiKey: canary }] }, config: new Secret(canary), url },
    'x',
  );
  logger.error(error);
  logger.error({ err: error });
  logger.error({ err: error }, `failed at ${url}`);
  logger.warn(`Authorization: Bearer ${canary}`);
  logger.child({ token: canary, url }).info('y');
  expect(lines).toHaveLength(6);
  expect(lines.join('')).not.toContain(canary);
  expect(lines.join('')).toContain('https://host/path');
  expect(safeUrl(url)).toBe('https://host/path');
});

/** Runs the built library: what a supervisor starts is a plain process. */
function service(env: Record<string, string>, extra = '') {
  const script = `
    import 'reflect-metadata';
    import { Module } from '@nestjs/common';
    import { baseConfig, parseConfig, runService } from './dist/index.js';
    class AppModule {}
    Module({})(AppModule);
    await runService({ name: 'tiny', config: () => parseConfig(baseConfig, process.env), createModule: () => AppModule });
    ${extra}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: new URL('..', import.meta.url),
    env: { PATH: process.env.PATH, ...env },
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, exited, output: () => output };
}

test('starts without NATS, says so, is ready when NATS comes, not when it goes, and stops gracefully', async () => {
  const [http, nats] = [await freePort(), await freePort()];
  const admin = { name: 'admin', password: canary };
  const { child, exited, output } = service({
    NATS_URL: `nats://admin:${canary}@127.0.0.1:${nats}`,
    HTTP_PORT: String(http),
  });
  const ask = (path: string) => fetch(`http://127.0.0.1:${http}${path}`);
  const status = async (path: string) => (await ask(path)).status;
  const soon = { timeout: 8000, interval: 50 };
  await vi.waitFor(async () => expect(await status('/livez')).toBe(200), soon);
  const down = await ask('/readyz');
  expect(down.status).toBe(503);
  expect(await down.json()).toMatchObject({ checks: { nats: expect.any(String), service: 'ok' } });

  const folder = temporaryFolder();
  const server = await startNats({ dir: folder.dir, port: nats, admin, syncInterval: 'default' });
  try {
    await vi.waitFor(async () => expect(await status('/readyz')).toBe(200), soon);
    expect(await (await ask('/metrics')).text()).toContain(
      'nodejs_eventloop_lag_p99_seconds{service="tiny"}',
    );
    await server.stop();
    await vi.waitFor(async () => expect(await status('/readyz')).toBe(503), soon);
    expect(await status('/livez')).toBe(200);
  } finally {
    await server.stop();
    folder.remove();
  }
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(output()).toContain('"stopped"');
  expect(output()).not.toContain(canary);
});

test.each(['void Promise.reject(new Error("lost"))', 'setTimeout(() => { throw new Error("lost") }, 1)'])(
  '%s ends the process with exit 1 and a fatal line',
  async (extra) => {
    const env = { NATS_URL: 'nats://127.0.0.1:1', HTTP_PORT: String(await freePort()) };
    const { exited, output } = service(env, extra);
    expect(await exited).toBe(1);
    expect(output()).toMatch(/"level":"fatal".*lost/);
  },
);

test('an unusable environment is one fatal line and exit 1', async () => {
  const { exited, output } = service({ NATS_URL: `http://${canary}@x` });
  expect(await exited).toBe(1);
  expect(output()).toMatch(/NATS_URL.*HTTP_PORT/);
  expect(output()).not.toContain(canary);
});
