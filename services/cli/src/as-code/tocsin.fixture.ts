import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Route } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import { freePort } from '@tocsin/local-stack';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { addressOf, routeNamed } from '../api/api.js';
import { run } from '../program.js';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Tocsin {
  readonly url: string;
  readonly token: string;
  /**
   * The command line in this process, with this environment.
   * @param answer of a person at a terminal; left out: there is none
   */
  cli(args: readonly string[], env?: Record<string, string>, answer?: string): Promise<Ended>;
  /** the api as somebody else uses it */
  call(route: Route['name'], ask?: Parameters<typeof addressOf>[1]): Promise<JsonObject>;
  /** @returns where it is */
  file(name: string, text: string): string;
  /** everything a project has, and nothing else: as before the first apply */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** The built api as a process of its own, with a real Postgres and a real NATS. */
export async function startTocsin(sharedPgUrl: string): Promise<Tocsin> {
  const [database, nats, port] = await Promise.all([freshDatabase(sharedPgUrl), freshNats(), freePort()]);
  await createStreams(nats.url);
  const dir = mkdtempSync(path.join(tmpdir(), 'tocsin-as-code-'));
  const tokenFile = path.join(dir, 'token');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../../../api/dist/main.js', import.meta.url))],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        NATS_URL: nats.url,
        DATABASE_URL: database.url,
        HTTP_PORT: String(port),
        TOCSIN_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
        TOCSIN_ADMIN_TOKEN_FILE: tokenFile,
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url, tokenFile);
  const token = readFileSync(tokenFile, 'utf8').trim();

  const call: Tocsin['call'] = async (name, ask = {}) => {
    const route = routeNamed(name);
    const response = await fetch(url + addressOf(route, ask), {
      method: route.method.toUpperCase(),
      headers: {
        authorization: `Bearer ${token}`,
        ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...ask.headers,
      },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${name}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as JsonObject);
  };

  return {
    url,
    token,
    call,
    cli: (args, env = {}, answer?: string) =>
      commandLine(args, { TOCSIN_URL: url, TOCSIN_TOKEN: token, ...env }, answer),
    file(name, text) {
      const file = path.join(dir, name);
      writeFileSync(file, text);
      return file;
    },
    async empty() {
      for (const noun of ['Job', 'Monitor', 'Test', 'NotificationProvider', 'Variable']) {
        const { items } = await call(`list${noun}s`, { query: { limit: 200 } });
        for (const { id } of items as { id: string }[]) await call(`delete${noun}`, { params: { id } });
      }
    },
    async stop() {
      child.kill('SIGKILL');
      await Promise.all([database.drop(), nats.remove()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function untilReady(child: ChildProcess, url: string, tokenFile: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the api ended: is it built? (npx tsc -b services/api)');
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.ok === true && existsSync(tokenFile)) return;
    await delay(25);
  }
}

export async function commandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  answer?: string,
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const collect = (name: keyof typeof said) => {
    const stream = new PassThrough();
    stream.on('data', (chunk: Buffer) => {
      said[name] += chunk.toString();
    });
    return stream as unknown as NodeJS.WriteStream;
  };
  const stdin = Object.assign(new PassThrough(), { isTTY: answer !== undefined });
  if (answer !== undefined) stdin.write(`${answer}\n`);
  const code = await run(args, {
    env,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    signal: new AbortController().signal,
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...said };
}
