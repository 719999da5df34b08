import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildExit, startChild } from './child.process.js';
import { freePort } from './free-port.server.js';
import { logTail } from './log-tail.server.js';
import { CORE_ACCOUNT, type NatsOutsider, storeBytes } from './nats-accounts.js';
import { findNatsServer } from './nats-binary.server.js';
import { type NatsUser, natsConfig } from './nats-config.js';
import { commandLine, endProcess, endRecorded } from './recorded.process.js';

export interface NatsOptions {
  /** belongs to this server alone: whatever still runs in it from an earlier time is ended first */
  dir: string;
  port: number;
  monitorPort?: number;
  users?: NatsUser[];
  outsiders?: NatsOutsider[];
  /** default: `admin` with a new password at every start, found in the handle's `url` */
  admin?: { name: string; password: string };
  syncInterval?: 'always' | 'default';
  maxMemoryBytes?: number;
  maxStoreBytes?: number;
}

export interface NatsServer {
  /** with the admin's name and password */
  url: string;
  urlFor: (user: { name: string; password: string }) => string;
  port: number;
  monitorUrl: string;
  pid: number;
  exited: Promise<ChildExit>;
  /** Graceful; SIGKILL after `graceMs` (default 8 s). Resolves when the process is gone */
  stop: (graceMs?: number) => Promise<void>;
  /** SIGKILL; resolves when the process is gone */
  kill: () => Promise<void>;
}

/** The name a NATS server greets with, or undefined if nothing that speaks NATS listens there yet. */
function greetedName(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect({ port, host: '127.0.0.1', timeout: 1000 });
    const done = (name: string | undefined) => {
      socket.destroy();
      resolve(name);
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\r\n')) done(/"server_name":"([^"]*)"/.exec(text)?.[1]);
    });
    socket.once('error', () => done(undefined)).once('timeout', () => done(undefined));
    socket.once('close', () => done(undefined));
  });
}

/** Our record knows a server by its start time; the server's own pid file is checked as well, by the command. */
async function endOrphan(dir: string, recordFile: string, ownPidFile: string): Promise<void> {
  await endRecorded(recordFile, 'SIGTERM', 5000);
  try {
    const pid = Number(readFileSync(ownPidFile, 'utf8'));
    if (commandLine(pid)?.includes(path.join(dir, 'nats.conf'))) await endProcess(pid, 'SIGTERM', 5000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  rmSync(ownPidFile, { force: true });
}

/** Before there were subscribers everything was in the server's unnamed account: its streams go along. */
function nameAccount(storeDir: string): void {
  const [unnamed, named] = ['$G', CORE_ACCOUNT].map((name) => path.join(storeDir, 'jetstream', name));
  if (unnamed !== undefined && named !== undefined && existsSync(unnamed) && !existsSync(named))
    renameSync(unnamed, named);
}

export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const { port, users = [], syncInterval = 'always' } = options;
  const dir = path.resolve(options.dir);
  const admin = options.admin ?? { name: 'admin', password: randomBytes(24).toString('base64url') };
  const [command, monitorPort] = await Promise.all([findNatsServer(), options.monitorPort ?? freePort()]);
  const recordFile = path.join(dir, 'process.json');
  const pidFile = path.join(dir, 'nats.pid');
  const configFile = path.join(dir, 'nats.conf');
  const logFile = path.join(dir, 'nats.log');

  // 1. A folder without a server in it
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  await endOrphan(dir, recordFile, pidFile);
  const storeDir = path.join(dir, 'store');
  nameAccount(storeDir);

  // 2. The configuration; the name tells our server from a stranger on the same port
  const serverName = `tocsin-${createHash('sha256').update(`${dir}:${port}`).digest('hex').slice(0, 12)}`;
  const config = natsConfig({
    serverName,
    host: '127.0.0.1',
    port,
    monitorPort,
    storeDir,
    pidFile,
    syncInterval,
    maxMemoryBytes: options.maxMemoryBytes ?? 256 * 1024 ** 2,
    maxStoreBytes: options.maxStoreBytes ?? storeBytes(options.outsiders ?? []),
    admin,
    users,
    outsiders: options.outsiders ?? [],
  });
  writeFileSync(configFile, config, { mode: 0o600 });
  chmodSync(configFile, 0o600); // the mode above only counts when the file is new

  // 3. The server. It opens its port only after the streams have been recovered, so a greeting means ready
  writeFileSync(logFile, '', { mode: 0o600 });
  const child = await startChild({
    command,
    args: ['-c', configFile],
    env: process.env,
    pidFile: recordFile,
    logFile,
  });
  while ((await greetedName(port)) !== serverName) {
    if (child.ended() !== undefined)
      throw new Error(`nats-server ended (${child.ended()}) before it was ready:\n${logTail(logFile)}`);
    await delay(5);
  }
  const urlFor = ({ name, password }: { name: string; password: string }) =>
    `nats://${encodeURIComponent(name)}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  return {
    url: urlFor(admin),
    urlFor,
    port,
    monitorUrl: `http://127.0.0.1:${monitorPort}`,
    pid: child.pid,
    exited: child.exited,
    stop: (graceMs = 8000) => child.end('SIGTERM', graceMs),
    kill: () => child.end('SIGKILL', 0),
  };
}
