import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NODE_ARGS, type PlannedService } from '@tocsin/local';
import { delay, until } from './wait.js';

export interface RunningService {
  readonly pid: number;
  /** resolves when `/readyz` says so. @throws with the end of its log when it ended instead */
  readonly ready: () => Promise<void>;
  /** the text of `/metrics` */
  readonly metrics: () => Promise<string>;
  readonly url: string;
  readonly exited: Promise<void>;
  /** asks, and kills after 10 s */
  readonly stop: () => Promise<void>;
}

/** `BENCH_PROFILE=scheduler,executor` writes their CPU profiles to BENCH_PROFILE_DIR (default `/tmp`). */
function profiling(name: string): string[] {
  const names = (process.env.BENCH_PROFILE ?? '').split(',');
  if (!names.includes(name)) return [];
  const dir = process.env.BENCH_PROFILE_DIR ?? '/tmp';
  return ['--cpu-prof', `--cpu-prof-dir=${dir}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
}

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Exactly as the product starts it: same program, same arguments, same environment. */
function launch({ name, entry, env }: PlannedService, dir: string, args: readonly string[]) {
  mkdirSync(path.join(dir, 'logs'), { recursive: true });
  const logFile = path.join(dir, 'logs', `${name}.log`);
  const log = openSync(logFile, 'a');
  const nodeArgs = [...NODE_ARGS, ...(args.length === 0 ? profiling(name) : [])];
  const child = spawn(process.execPath, [...nodeArgs, entry, ...args], {
    env,
    cwd: dir,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  alive.add(child);
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      alive.delete(child);
      resolve(code);
    });
  });
  const tail = () => readFileSync(logFile, 'utf8').slice(-3_000);
  return { child, exited, tail };
}

export async function startService(planned: PlannedService, dir: string): Promise<RunningService> {
  const { child, exited, tail } = launch(planned, dir, []);
  const { name, port } = planned;
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  const url = `http://127.0.0.1:${port}`;
  const ask = (route: string) => fetch(`${url}${route}`, { signal: AbortSignal.timeout(5_000) });
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}:\n${tail()}`);
    const answer = await ask('/readyz').catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  };
  return {
    pid: child.pid,
    url,
    ready: async () => void (await until(`${name} ready`, isReady, { everyMs: 20 })),
    metrics: async () => (await ask('/metrics')).text(),
    exited: exited.then(() => undefined),
    stop: async () => {
      child.kill('SIGTERM');
      const ended = await Promise.race([exited.then(() => true), delay(10_000, false, { ref: false })]);
      if (!ended) child.kill('SIGKILL');
      await exited;
    },
  };
}

export async function runCommand(planned: PlannedService, dir: string, command: string): Promise<void> {
  const { exited, tail } = launch(planned, dir, [command]);
  const code = await exited;
  if (code !== 0) throw new Error(`${planned.name} ${command} ended with code ${code}:\n${tail()}`);
}
