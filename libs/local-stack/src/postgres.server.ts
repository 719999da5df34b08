import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildExit, startChild } from './child.process.js';
import { logTail } from './log-tail.server.js';
import { type Account, assertReachable, postgresAccount } from './postgres-account.server.js';
import { findPostgres } from './postgres-binaries.server.js';
import { commandLine, endProcess, endRecorded } from './recorded.process.js';

export interface PostgresOptions {
  /** belongs to this server alone: whatever still runs in it from an earlier time is ended first */
  dir: string;
  port: number;
  /** of the superuser; counts on the first start, when the data folder is made */
  password: string;
  user?: string;
  /** false: no fsync, for tests */
  durable?: boolean;
  /** further server settings, by name */
  settings?: Record<string, string>;
}

export interface PostgresServer {
  /** of the database `postgres`, as superuser */
  url: string;
  port: number;
  pid: number;
  exited: Promise<ChildExit>;
  /** Graceful; SIGKILL after `graceMs` (default 8 s). Resolves when the process is gone */
  stop: (graceMs?: number) => Promise<void>;
  /** SIGKILL; resolves when the postmaster is gone */
  kill: () => Promise<void>;
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv, account?: Account): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(command)} ended (${String(code)}):\n${output}`));
    });
  });
}

async function createCluster(
  initdb: string,
  data: string,
  env: NodeJS.ProcessEnv,
  { user = 'postgres', password, durable = true }: PostgresOptions,
  account?: Account,
): Promise<void> {
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const secret = mkdtempSync(`${data}-init-`);
  const passwordFile = path.join(secret, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const file of [secret, passwordFile]) chownSync(file, account.uid, account.gid);
  try {
    const args = ['-D', unfinished, '-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    args.push('--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync']));
    await run(initdb, args, env, account);
    renameSync(unfinished, data); // under its name only when complete: an initdb cut short must not pass for a cluster
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

const readLines = (file: string) => {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
};

/** A postmaster that nobody reaped stays in its pid file and would refuse every later start: see processIdentity. */
async function endOrphan(data: string, recordFile: string, pidFile: string): Promise<void> {
  await endRecorded(recordFile, 'SIGINT', 8000);
  const pid = Number(readLines(pidFile)[0]);
  if (commandLine(pid)?.includes(data)) await endProcess(pid, 'SIGINT', 8000);
  rmSync(pidFile, { force: true });
}

export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { port, user = 'postgres', password, durable = true, settings = {} } = options;
  const dir = path.resolve(options.dir);
  const data = path.join(dir, 'data');
  const logFile = path.join(dir, 'postgres.log');
  const recordFile = path.join(dir, 'process.json');
  const pidFile = path.join(data, 'postmaster.pid');
  const { initdb, postgres } = await findPostgres();
  const account = postgresAccount();
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };

  // 1. A folder the server's account can use, without a server in it
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (account) {
    chownSync(dir, account.uid, account.gid);
    for (const target of [data, postgres]) assertReachable(target, account);
  }
  await endOrphan(data, recordFile, pidFile);

  // 2. The cluster
  if (!existsSync(data)) await createCluster(initdb, data, env, options, account);

  // 3. The server
  const flags = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const unsafe = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const args = Object.entries({ ...flags, ...(durable ? {} : unsafe) }).flatMap(([k, v]) => [
    '-c',
    `${k}=${v}`,
  ]);
  const launch = async () => {
    writeFileSync(logFile, '', { mode: 0o600 });
    const child = await startChild({
      command: postgres,
      args: ['-D', data, '-p', String(port), ...args],
      env,
      pidFile: recordFile,
      logFile,
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
    for (;;) {
      const lines = readLines(pidFile); // the eighth line is the postmaster's word on its own state
      if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return child;
      const end = child.ended();
      if (end !== undefined) return end;
      await delay(10);
    }
  };

  // The backends of a SIGKILLed postmaster need a moment to notice; until then they hold its shared memory
  const deadline = performance.now() + 15_000;
  let child = await launch();
  while (typeof child === 'string') {
    const log = logTail(logFile);
    if (!/still in use|another server might be running/.test(log) || performance.now() > deadline)
      throw new Error(`postgres ended (${child}) before it was ready:\n${log}`);
    await delay(50);
    child = await launch();
  }
  const { pid, exited, end } = child;
  return {
    url: `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    exited,
    stop: (graceMs = 8000) => end('SIGINT', graceMs),
    kill: () => end('SIGKILL', 0),
  };
}
